// The default gateway by hand, in TypeScript. Node runs this file as it is, without the types.
import { App, CfnOutput, Duration, RemovalPolicy, SecretValue, Stack, Validations } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as origins from 'aws-cdk-lib/aws-cloudfront-origins';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as wafv2 from 'aws-cdk-lib/aws-wafv2';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { Construct, IConstruct } from 'constructs';

const ORIGIN_SECRET = 'by-hand/origin/1';
const LOG_FORMAT = { requestId: '$context.requestId', status: '$context.status', path: '$context.path' };

function accept(construct: IConstruct, ...rules: string[]): void {
  for (const rule of rules) {
    Validations.of(construct).acknowledge({ id: `AwsSolutions-${rule}`, reason: 'a subject of a bench' });
  }
}

class ApiByHand extends Stack {
  readonly restApi: apigateway.RestApi;

  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    this.restApi = this.defineRestApi();
    this.defineMethod();
    this.defineKey();
    new CfnOutput(this, 'InvokeUrl', { value: this.restApi.url });
  }

  private defineRestApi(): apigateway.RestApi {
    const accessLog = new logs.LogGroup(this, 'AccessLog', {
      retention: logs.RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const restApi = new apigateway.RestApi(this, 'RestApi', {
      restApiName: 'by-hand',
      endpointConfiguration: { types: [apigateway.EndpointType.REGIONAL] },
      binaryMediaTypes: ['*/*'],
      cloudWatchRole: false,
      deployOptions: {
        stageName: 'v1',
        accessLogDestination: new apigateway.LogGroupLogDestination(accessLog),
        accessLogFormat: apigateway.AccessLogFormat.custom(JSON.stringify(LOG_FORMAT)),
      },
    });
    accept(restApi, 'APIG2', 'APIG6');
    accept(restApi.deploymentStage, 'APIG3');
    return restApi;
  }

  private defineMethod(): void {
    const integration = new apigateway.Integration({
      type: apigateway.IntegrationType.HTTP_PROXY,
      uri: 'https://model.example.com/invocations',
      integrationHttpMethod: 'POST',
      options: {
        timeout: Duration.seconds(29),
        requestParameters: { 'integration.request.header.x-api-key': "'replaced'" },
      },
    });
    const method = this.restApi.root.addResource('predict').addMethod('POST', integration, { apiKeyRequired: true });
    accept(method, 'APIG4', 'COG4');
  }

  private defineKey(): void {
    const plan = this.restApi.addUsagePlan('UsagePlan', {
      apiStages: [{ api: this.restApi, stage: this.restApi.deploymentStage }],
      throttle: { rateLimit: 2, burstLimit: 10 },
      quota: { limit: 1000, period: apigateway.Period.MONTH, offset: 1 },
    });
    const secret = new secretsmanager.Secret(this, 'OriginSecret', {
      secretName: ORIGIN_SECRET,
      generateSecretString: { excludePunctuation: true, passwordLength: 64 },
    });
    accept(secret, 'SMG4');
    const key = new apigateway.ApiKey(this, 'ApiKey', {
      value: SecretValue.secretsManager(ORIGIN_SECRET).unsafeUnwrap(),
      description: 'origin lock',
    });
    key.node.addDependency(secret);
    plan.addApiKey(key);
  }
}

interface EdgeProps extends StackProps {
  readonly api: ApiByHand;
}

class EdgeByHand extends Stack {
  constructor(scope: Construct, id: string, props: EdgeProps) {
    super(scope, id, props);
    const { api } = props;
    const cachePolicy = new cloudfront.CachePolicy(this, 'CachePolicy', {
      defaultTtl: Duration.hours(1),
      maxTtl: Duration.hours(24),
      queryStringBehavior: cloudfront.CacheQueryStringBehavior.all(),
      headerBehavior: cloudfront.CacheHeaderBehavior.allowList('Authorization', 'Accept'),
      cookieBehavior: cloudfront.CacheCookieBehavior.all(),
    });
    const distribution = new cloudfront.Distribution(this, 'Distribution', {
      comment: 'by hand',
      httpVersion: cloudfront.HttpVersion.HTTP2_AND_3,
      webAclId: this.defineFirewall().attrArn,
      defaultBehavior: {
        origin: new origins.HttpOrigin(`${api.restApi.restApiId}.execute-api.${api.region}.amazonaws.com`, {
          originPath: '/v1',
          protocolPolicy: cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
          customHeaders: { 'x-api-key': SecretValue.secretsManager(ORIGIN_SECRET).unsafeUnwrap() },
        }),
        allowedMethods: cloudfront.AllowedMethods.ALLOW_ALL,
        viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        cachePolicy,
        originRequestPolicy: cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      },
    });
    accept(distribution, 'CFR1', 'CFR3', 'CFR4');
    new CfnOutput(this, 'DistributionDomainName', { value: distribution.distributionDomainName });
  }

  private defineFirewall(): wafv2.CfnWebACL {
    const visibility = (metricName: string) => ({
      metricName,
      cloudWatchMetricsEnabled: true,
      sampledRequestsEnabled: false,
    });
    return new wafv2.CfnWebACL(this, 'Firewall', {
      defaultAction: { allow: {} },
      scope: 'CLOUDFRONT',
      visibilityConfig: visibility('Firewall'),
      rules: [
        {
          name: 'Rate',
          priority: 0,
          action: { block: {} },
          statement: { rateBasedStatement: { aggregateKeyType: 'IP', limit: 2000, evaluationWindowSec: 300 } },
          visibilityConfig: visibility('Rate'),
        },
        {
          name: 'Common',
          priority: 1,
          overrideAction: { none: {} },
          statement: { managedRuleGroupStatement: { vendorName: 'AWS', name: 'AWSManagedRulesCommonRuleSet' } },
          visibilityConfig: visibility('Common'),
        },
      ],
    });
  }
}

const app = new App();
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
const env = { region: 'us-east-1' };
const api = new ApiByHand(app, 'by-hand-api', { env });
new EdgeByHand(app, 'by-hand-edge', { env, api });
app.synth();
