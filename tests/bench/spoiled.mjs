// What spoiled.py does, for a subject in TypeScript: `node --import ./tests/bench/spoiled.mjs bench/typescript/app.ts`.
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../bench/typescript/app.ts', import.meta.url));
const { App, Stack } = require('aws-cdk-lib');
const { CfnSecret } = require('aws-cdk-lib/aws-secretsmanager');

const { synth } = App.prototype;
App.prototype.synth = function (...options) {
  const secret = new CfnSecret(this.node.children.find(Stack.isStack), 'Spoiled');
  secret.addPropertyOverride('NoSuchProperty', 'unknown to CloudFormation');
  return synth.apply(this, options);
};
