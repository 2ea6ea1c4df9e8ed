/** Runs one agent whose model never answers, until somebody kills this process. */
import { claudeHarness } from '../../../../client/harness/claude/claude.ts'
import { Desk } from '../desk.ts'

const [app = '', sdk = '', baseUrl = ''] = process.argv.slice(2)
const access = { anthropic: { apiKey: 'any', baseUrl }, openai: {}, isScripted: true }
const job = new Desk({ app, flow: 'conformance', framework: null }).job('t1', 'one')
await claudeHarness({ access, sdk }).run({ ...job, model: 'claude-haiku-4-5', system: 's', prompt: 'p' })
