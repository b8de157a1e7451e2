// Runs one SDK of Node against a base URL. Usage: node in_node.mjs <sdk> <base URL> <key>. Prints what it was answered.
import { createAnthropic } from '@ai-sdk/anthropic'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'

const [sdk, baseURL, apiKey] = process.argv.slice(2)
const messages = [{ role: 'user', content: 'hello' }]
const prompt = [{ role: 'user', content: [{ type: 'text', text: 'hello' }] }]

const SDKS = {
  openai: async () => {
    const answer = await new OpenAI({ baseURL, apiKey }).chat.completions.create({ model: 'llama', messages })
    return answer.choices[0].message.content
  },
  anthropic: async () => {
    const answer = await new Anthropic({ baseURL, apiKey }).messages.create({ model: 'claude', max_tokens: 9, messages })
    return answer.content[0].text
  },
  'ai-sdk-anthropic': async () => {
    const answer = await createAnthropic({ baseURL, apiKey })('claude').doGenerate({ prompt })
    return answer.content[0].text
  },
  'ai-sdk-openai-compatible': async () => {
    const answer = await createOpenAICompatible({ name: 'gateway', baseURL, apiKey })('llama').doGenerate({ prompt })
    return answer.content[0].text
  }
}

console.log(await SDKS[sdk]())
