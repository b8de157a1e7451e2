'use strict';
// Overrides of the shares that the versions of a model get: the function that writes them, and takes them away.
//
// EventBridge tells it of alarms. One that says that a version fails has the share of that version go to another, until
// somebody deploys other shares. CloudFormation tells it of deploys: each model has a resource with the shares that
// the file gives it, and with that resource goes what stood in for those shares.
//
// config.json beside this file has the models and the alarms (`ml_gateway/functions/overrides_code.py`).

const { answerDeploy } = require('./deploys.js');
const { rollBack } = require('./rollbacks.js');

exports.handler = (event, context) =>
    typeof event?.RequestType === 'string' ? answerDeploy(event, context) : rollBack(event);
