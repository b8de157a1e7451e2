// The web ACL of the default gateway and its log, by hand, in TypeScript.
import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as wafv2 from 'aws-cdk-lib/aws-wafv2';
import tables from '../subjects/tables.json' with { type: 'json' };

const NAME = 'acme-ml-edge';

export function defineFirewall(stack: Stack): wafv2.CfnWebACL {
  const webAcl = new wafv2.CfnWebACL(stack, 'Firewall', {
    name: NAME,
    description: 'Refuses who may not call the gateway, or calls too often.',
    scope: 'CLOUDFRONT',
    defaultAction: { allow: {} },
    rules: [renderRate(), ...tables.ruleGroups.map(renderGroup)],
    customResponseBodies: Object.fromEntries(
      Object.entries(tables.answers).map(([code, content]) => [code, { content, contentType: 'APPLICATION_JSON' }]),
    ),
    visibilityConfig: renderVisibility(NAME),
    associationConfig: { requestBody: { CLOUDFRONT: { defaultSizeInspectionLimit: 'KB_64' } } },
    dataProtectionConfig: {
      dataProtections: [
        { action: 'SUBSTITUTION', field: { fieldType: 'SINGLE_HEADER', fieldKeys: tables.unloggedHeaders } },
        { action: 'SUBSTITUTION', field: { fieldType: 'SINGLE_COOKIE' } },
      ],
    },
  });
  defineLog(stack, webAcl);
  return webAcl;
}

function renderRate(): wafv2.CfnWebACL.RuleProperty {
  return {
    name: 'AddressRate',
    priority: 0,
    action: renderRefusal(429, 'rate_limit_exceeded', [{ name: 'Retry-After', value: '30' }]),
    statement: { rateBasedStatement: { aggregateKeyType: 'IP', limit: 2000, evaluationWindowSec: 300 } },
    visibilityConfig: renderVisibility('AddressRate'),
  };
}

function renderGroup(group: (typeof tables.ruleGroups)[number], index: number): wafv2.CfnWebACL.RuleProperty {
  const blocked = renderRefusal(403, 'blocked');
  return {
    name: group.name,
    priority: 1 + index,
    overrideAction: { none: {} },
    statement: {
      managedRuleGroupStatement: {
        vendorName: 'AWS',
        name: group.name,
        ruleActionOverrides: [
          ...group.counted.map((name) => ({ name, actionToUse: { count: {} } })),
          ...group.blocked.map((name) => ({ name, actionToUse: blocked })),
        ],
      },
    },
    visibilityConfig: renderVisibility(group.name),
  };
}

function renderRefusal(
  responseCode: number,
  customResponseBodyKey: string,
  responseHeaders?: wafv2.CfnWebACL.CustomHTTPHeaderProperty[],
): wafv2.CfnWebACL.RuleActionProperty {
  return { block: { customResponse: { responseCode, customResponseBodyKey, responseHeaders } } };
}

function renderVisibility(metricName: string): wafv2.CfnWebACL.VisibilityConfigProperty {
  return { metricName, cloudWatchMetricsEnabled: true, sampledRequestsEnabled: false };
}

function defineLog(stack: Stack, webAcl: wafv2.CfnWebACL): void {
  const log = new logs.LogGroup(stack, 'FirewallLog', {
    logGroupName: `aws-waf-logs-${NAME}`,
    retention: logs.RetentionDays.THREE_MONTHS,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const arn = stack.formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: log.logGroupName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  const conditions = ['BLOCK', 'COUNT'].map((Action) => ({ ActionCondition: { Action } }));
  new wafv2.CfnLoggingConfiguration(stack, 'FirewallLogging', {
    resourceArn: webAcl.attrArn,
    logDestinationConfigs: [arn],
    redactedFields: [...tables.unloggedHeaders.map((Name) => ({ singleHeader: { Name } })), { queryString: {} }],
    loggingFilter: {
      DefaultBehavior: 'DROP',
      Filters: [{ Behavior: 'KEEP', Requirement: 'MEETS_ANY', Conditions: conditions }],
    },
  });
}
