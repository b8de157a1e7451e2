"""Every row of what the default file describes, read from the synthesized templates."""

import json

from tests.documents import document_of, integration_of, operations_of
from tests.synthesis import Json, Templates, only, resources

SECRET = "{{resolve:secretsmanager:acme-ml/origin/1:SecretString:::}}"


def test_rest_api_is_regional_and_described(api: Json) -> None:
    rest_api = only(api, "AWS::ApiGateway::RestApi")
    assert rest_api["EndpointConfiguration"] == {"Types": ["REGIONAL"]}
    assert rest_api["Description"] == "API Gateway to proxy requests to ML model endpoint."
    assert rest_api["Name"] == "acme-ml"
    assert rest_api["ApiKeySourceType"] == "HEADER"


def test_an_import_replaces_the_api_and_stops_at_a_warning(api: Json) -> None:
    rest_api = only(api, "AWS::ApiGateway::RestApi")
    assert (rest_api["Mode"], rest_api["FailOnWarnings"]) == ("overwrite", True)
    assert rest_api["Parameters"] == {"endpointConfigurationTypes": "REGIONAL"}


def test_the_document_says_again_what_the_api_is_as_a_whole(api: Json) -> None:
    document = document_of(api)
    assert document["info"] == {
        "title": "acme-ml",
        "description": "API Gateway to proxy requests to ML model endpoint.",
        "version": "1",
    }
    assert document["x-amazon-apigateway-api-key-source"] == "HEADER"
    assert document["x-amazon-apigateway-binary-media-types"] == ["*/*"]


def test_bodies_pass_as_they_are(api: Json) -> None:
    assert only(api, "AWS::ApiGateway::RestApi")["BinaryMediaTypes"] == ["*/*"]


def test_post_of_predict_is_the_one_operation_and_requires_a_key(api: Json) -> None:
    ((name, operation),) = operations_of(api).items()
    assert name == "POST /predict"
    assert operation["security"] == [{"api_key": []}]
    assert document_of(api)["components"]["securitySchemes"] == {
        "api_key": {"type": "apiKey", "name": "x-api-key", "in": "header"}
    }


def test_integration_proxies_to_the_model_with_credentials_overwritten(api: Json) -> None:
    assert integration_of(api) == {
        "type": "http_proxy",
        "httpMethod": "POST",
        "uri": "https://model.example.com/invocations",
        "timeoutInMillis": 29000,
        "requestParameters": {
            "integration.request.header.X-Api-Key": "'replaced-by-gateway'",
            "integration.request.header.X-Origin-Verify": "'replaced-by-gateway'",
        },
    }


def test_stage_v1_serves_the_deployment(api: Json) -> None:
    (deployment_id,) = resources(api, "AWS::ApiGateway::Deployment")
    stage = only(api, "AWS::ApiGateway::Stage")
    assert stage["StageName"] == "v1"
    assert stage["DeploymentId"] == {"Ref": deployment_id}


def test_access_log_has_a_json_line_for_each_request_and_no_credential(api: Json) -> None:
    (log_id,) = resources(api, "AWS::Logs::LogGroup")
    settings = only(api, "AWS::ApiGateway::Stage")["AccessLogSetting"]
    line = json.loads(settings["Format"])
    assert {"Ref": log_id} in settings["DestinationArn"]["Fn::Join"][1]
    assert line["requestId"] == "$context.requestId"
    assert line["status"] == "$context.status"
    assert line["apiKeyId"] == "$context.identity.apiKeyId"
    assert "$context.identity.apiKey" not in line.values()
    assert api["Resources"][log_id]["Properties"]["RetentionInDays"] == 90


def test_the_stage_throttles_each_method_and_its_execution_log_is_off(api: Json) -> None:
    assert only(api, "AWS::ApiGateway::Stage")["MethodSettings"] == [
        {
            "HttpMethod": "*",
            "ResourcePath": "/*",
            "DataTraceEnabled": False,
            "ThrottlingRateLimit": 2,
            "ThrottlingBurstLimit": 10,
        }
    ]


def test_usage_plan_throttles_and_has_a_quota_on_the_stage(api: Json) -> None:
    plan = only(api, "AWS::ApiGateway::UsagePlan")
    (rest_api_id,) = resources(api, "AWS::ApiGateway::RestApi")
    (stage_id,) = resources(api, "AWS::ApiGateway::Stage")
    assert plan["Throttle"] == {"RateLimit": 2, "BurstLimit": 10}
    assert plan["Quota"] == {"Limit": 1000, "Period": "MONTH", "Offset": 1}
    (stage,) = plan["ApiStages"]
    assert (stage["ApiId"], stage["Stage"]) == ({"Ref": rest_api_id}, {"Ref": stage_id})


def test_api_key_has_the_value_of_the_origin_secret_and_belongs_to_the_plan(api: Json, templates: Templates) -> None:
    assert only(templates["keys"], "AWS::SecretsManager::Secret")["Name"] == "acme-ml/origin/1"
    (key_id,) = resources(api, "AWS::ApiGateway::ApiKey")
    (plan_id,) = resources(api, "AWS::ApiGateway::UsagePlan")
    assert api["Resources"][key_id]["Properties"]["Value"] == SECRET
    assert only(api, "AWS::ApiGateway::UsagePlanKey") == {
        "KeyId": {"Ref": key_id},
        "KeyType": "API_KEY",
        "UsagePlanId": {"Ref": plan_id},
    }


def test_invoke_url_names_the_stage_once(api: Json) -> None:
    (rest_api_id,) = resources(api, "AWS::ApiGateway::RestApi")
    (stage_id,) = resources(api, "AWS::ApiGateway::Stage")
    outputs = {key: output for key, output in api["Outputs"].items() if not key.startswith("PublishOutput")}
    assert set(outputs) == {"InvokeUrl", "AccessLogGroup"}
    separator, parts = outputs["InvokeUrl"]["Value"]["Fn::Join"]
    assert separator == ""
    assert parts == [
        "https://",
        {"Ref": rest_api_id},
        ".execute-api.us-east-1.",
        {"Ref": "AWS::URLSuffix"},
        "/",
        {"Ref": stage_id},
    ]


def test_edge_outputs_its_domain_name_and_the_base_url_of_all_models(edge: Json) -> None:
    (distribution_id,) = resources(edge, "AWS::CloudFront::Distribution")
    domain_name = {"Fn::GetAtt": [distribution_id, "DomainName"]}
    assert set(edge["Outputs"]) == {
        "DistributionDomainName",
        "BaseUrl",
        "DistributionId",
        "FirewallLogGroup",
        "InvalidationCommand",
    }
    assert edge["Outputs"]["DistributionDomainName"]["Value"] == domain_name
    assert edge["Outputs"]["BaseUrl"]["Value"] == {"Fn::Join": ["", ["https://", domain_name]]}


def test_distribution_is_enabled_over_ipv6_http2_and_http3(edge: Json) -> None:
    settings = only(edge, "AWS::CloudFront::Distribution")["DistributionConfig"]
    assert (settings["Enabled"], settings["IPV6Enabled"], settings["HttpVersion"]) == (True, True, "http2and3")


def test_distribution_uses_the_default_certificate(edge: Json) -> None:
    settings = only(edge, "AWS::CloudFront::Distribution")["DistributionConfig"]
    assert "ViewerCertificate" not in settings
    assert "Aliases" not in settings


def test_origin_is_the_stage_of_the_api_over_tls_1_2(edge: Json) -> None:
    (origin,) = only(edge, "AWS::CloudFront::Distribution")["DistributionConfig"]["Origins"]
    _, (api_id, suffix) = origin["DomainName"]["Fn::Join"]
    assert api_id["Fn::GetStackOutput"]["StackName"] == "acme-ml-api"
    assert suffix == ".execute-api.us-east-1.amazonaws.com"
    assert origin["OriginPath"] == "/v1"
    assert origin["CustomOriginConfig"] == {
        "OriginProtocolPolicy": "https-only",
        "HTTPSPort": 443,
        "OriginSSLProtocols": ["TLSv1.2"],
        "OriginReadTimeout": 30,
    }


def test_the_id_that_the_edge_reads_is_the_id_of_the_api(api: Json, edge: Json) -> None:
    (origin,) = only(edge, "AWS::CloudFront::Distribution")["DistributionConfig"]["Origins"]
    reference = origin["DomainName"]["Fn::Join"][1][0]["Fn::GetStackOutput"]
    (rest_api_id,) = resources(api, "AWS::ApiGateway::RestApi")
    assert api["Outputs"][reference["OutputName"]]["Value"] == {"Ref": rest_api_id}


def test_origin_custom_header_is_the_secret_by_name(edge: Json) -> None:
    (origin,) = only(edge, "AWS::CloudFront::Distribution")["DistributionConfig"]["Origins"]
    assert origin["OriginCustomHeaders"] == [{"HeaderName": "X-Api-Key", "HeaderValue": SECRET}]


def test_default_behavior_allows_all_methods_and_redirects_to_https(edge: Json) -> None:
    behavior = only(edge, "AWS::CloudFront::Distribution")["DistributionConfig"]["DefaultCacheBehavior"]
    assert set(behavior["AllowedMethods"]) == {"GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"}
    assert behavior["CachedMethods"] == ["GET", "HEAD"]
    assert behavior["ViewerProtocolPolicy"] == "redirect-to-https"


def test_cache_lifetimes_and_key_are_those_of_the_file(edge: Json) -> None:
    (policy_id,) = resources(edge, "AWS::CloudFront::CachePolicy")
    behavior = only(edge, "AWS::CloudFront::Distribution")["DistributionConfig"]["DefaultCacheBehavior"]
    policy = only(edge, "AWS::CloudFront::CachePolicy")["CachePolicyConfig"]
    key = policy["ParametersInCacheKeyAndForwardedToOrigin"]
    assert behavior["CachePolicyId"] == {"Ref": policy_id}
    assert (policy["MinTTL"], policy["DefaultTTL"], policy["MaxTTL"]) == (0, 3600, 86400)
    assert key["QueryStringsConfig"] == {"QueryStringBehavior": "all"}
    assert key["HeadersConfig"] == {"HeaderBehavior": "whitelist", "Headers": ["Authorization", "Accept"]}
    assert key["CookiesConfig"] == {"CookieBehavior": "all"}
    assert key["EnableAcceptEncodingGzip"] is True
    assert key["EnableAcceptEncodingBrotli"] is True


def test_every_viewer_header_but_host_reaches_the_api(edge: Json) -> None:
    behavior = only(edge, "AWS::CloudFront::Distribution")["DistributionConfig"]["DefaultCacheBehavior"]
    (policy,) = resources(edge, "AWS::CloudFront::OriginRequestPolicy")
    assert behavior["OriginRequestPolicyId"] == {"Ref": policy}
    forwarded = only(edge, "AWS::CloudFront::OriginRequestPolicy")["OriginRequestPolicyConfig"]
    # It keeps answers, and so leaves out what no function can remove, too.
    assert forwarded["HeadersConfig"] == {
        "HeaderBehavior": "allExcept",
        "Headers": ["Host", "X-Forwarded-Proto", "X-Real-IP", "Proxy-Authorization"],
    }


def test_errors_are_never_cached(edge: Json) -> None:
    responses = only(edge, "AWS::CloudFront::Distribution")["DistributionConfig"]["CustomErrorResponses"]
    # Every code that CloudFront accepts there: 429 is not one of them, and is not cached by itself.
    assert {response["ErrorCode"] for response in responses} == {
        400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504,
    }  # fmt: skip
    assert all(response["ErrorCachingMinTTL"] == 0 for response in responses)
    assert all("ResponsePagePath" not in response for response in responses)


def test_edge_reads_longer_than_the_longest_integration_timeout(api: Json, edge: Json) -> None:
    (origin,) = only(edge, "AWS::CloudFront::Distribution")["DistributionConfig"]["Origins"]
    assert origin["CustomOriginConfig"]["OriginReadTimeout"] * 1000 > integration_of(api)["timeoutInMillis"]
