// The default gateway by hand, in TypeScript. Node runs this file as it is, without the types.
import { App, CfnOutput, Duration, RemovalPolicy, SecretValue, Stack, Validations } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as origins from 'aws-cdk-lib/aws-cloudfront-origins';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { Construct, IConstruct } from 'constructs';
import tables from '../subjects/tables.json' with { type: 'json' };
import { defineFirewall } from './firewall.ts';

const ORIGIN_SECRET = 'acme-ml/origin/1';

function accept(construct: IConstruct, ...rules: string[]): void {
  for (const rule of rules) {
    Validations.of(construct).acknowledge({ id: `AwsSolutions-${rule}`, reason: 'a subject of a bench' });
  }
}

class ApiByHand extends Stack {
  readonly restApi: apigateway.RestApi;

  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, { description: 'acme-ml: the regional API of an ML gateway', ...props });
    this.restApi = this.defineRestApi();
    this.defineMethod();
    this.defineKey();
  }

  private defineRestApi(): apigateway.RestApi {
    const accessLog = new logs.LogGroup(this, 'AccessLog', {
      retention: logs.RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const restApi = new apigateway.RestApi(this, 'RestApi', {
      restApiName: 'acme-ml',
      description: 'API Gateway to proxy requests to ML model endpoint.',
      endpointConfiguration: { types: [apigateway.EndpointType.REGIONAL] },
      binaryMediaTypes: ['*/*'],
      apiKeySourceType: apigateway.ApiKeySourceType.HEADER,
      cloudWatchRole: false,
      deployOptions: {
        stageName: 'v1',
        accessLogDestination: new apigateway.LogGroupLogDestination(accessLog),
        accessLogFormat: apigateway.AccessLogFormat.custom(JSON.stringify(tables.accessLogFields)),
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
        requestParameters: Object.fromEntries(
          tables.replacedHeaders.map((header) => [`integration.request.header.${header}`, "'replaced-by-gateway'"]),
        ),
      },
    });
    const method = this.restApi.root.addResource('predict').addMethod('POST', integration, {
      apiKeyRequired: true,
      authorizationType: apigateway.AuthorizationType.NONE,
    });
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
      description: 'Origin secret of ml_gateway. Never change its value: raise origin_lock.generation instead.',
      generateSecretString: { excludePunctuation: true, passwordLength: 64 },
    });
    accept(secret, 'SMG4');
    const key = new apigateway.ApiKey(this, 'ApiKey', {
      value: SecretValue.secretsManager(ORIGIN_SECRET).unsafeUnwrap(),
      description: `${ORIGIN_SECRET}: sent by the distribution as x-api-key`,
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
    super(scope, id, { description: 'acme-ml: the edge of an ML gateway', ...props });
    this.addStackDependency(props.api);
    const distribution = new cloudfront.Distribution(this, 'Distribution', {
      comment: 'acme-ml',
      httpVersion: cloudfront.HttpVersion.HTTP2_AND_3,
      priceClass: cloudfront.PriceClass.PRICE_CLASS_ALL,
      webAclId: defineFirewall(this).attrArn,
      errorResponses: tables.uncachedErrors.map((httpStatus) => ({ httpStatus, ttl: Duration.seconds(0) })),
      defaultBehavior: this.renderBehavior(props.api),
    });
    accept(distribution, 'CFR1', 'CFR3', 'CFR4');
    const { distributionDomainName } = distribution;
    new CfnOutput(this, 'DistributionDomainName', {
      value: distributionDomainName,
      description: 'The address of the distribution',
    });
    new CfnOutput(this, 'PredictUrl', {
      value: `https://${distributionDomainName}/predict`,
      description: 'The URL to hand out',
    });
  }

  private renderBehavior(api: ApiByHand): cloudfront.BehaviorOptions {
    return {
      origin: new origins.HttpOrigin(`${api.restApi.restApiId}.execute-api.${api.region}.amazonaws.com`, {
        originPath: '/v1',
        protocolPolicy: cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
        httpsPort: 443,
        originSslProtocols: [cloudfront.OriginSslPolicy.TLS_V1_2],
        readTimeout: Duration.seconds(30),
        connectionAttempts: 1,
        customHeaders: { 'x-api-key': SecretValue.secretsManager(ORIGIN_SECRET).unsafeUnwrap() },
      }),
      allowedMethods: cloudfront.AllowedMethods.ALLOW_ALL,
      cachedMethods: cloudfront.CachedMethods.CACHE_GET_HEAD,
      viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      cachePolicy: this.defineCachePolicy(),
      originRequestPolicy: cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      responseHeadersPolicy: new cloudfront.ResponseHeadersPolicy(this, 'ResponseHeaders', {
        removeHeaders: tables.removedHeaders,
        customHeadersBehavior: {
          customHeaders: [{ header: 'x-gateway-region', value: api.region, override: true }],
        },
      }),
    };
  }

  private defineCachePolicy(): cloudfront.CachePolicy {
    return new cloudfront.CachePolicy(this, 'CachePolicy', {
      minTtl: Duration.seconds(0),
      defaultTtl: Duration.hours(1),
      maxTtl: Duration.hours(24),
      queryStringBehavior: cloudfront.CacheQueryStringBehavior.all(),
      headerBehavior: cloudfront.CacheHeaderBehavior.allowList('Authorization', 'Accept'),
      cookieBehavior: cloudfront.CacheCookieBehavior.all(),
      enableAcceptEncodingBrotli: true,
      enableAcceptEncodingGzip: true,
    });
  }
}

const app = new App();
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
const env = { region: 'us-east-1' };
const api = new ApiByHand(app, 'acme-ml-api', { env });
new EdgeByHand(app, 'acme-ml-edge', { env, api });
app.synth();
