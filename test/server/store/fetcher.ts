/**
 * A process that reads one release after the other, menu and all it leads to, until nobody listens to it any more:
 * `node fetcher.ts <base URL>`. A line a session: `<fetches> <release> <fault or nothing>`.
 */
import { Agent, get } from 'node:http'
import { digestOf } from '../../../schemas/digest.ts'

const [base = ''] = process.argv.slice(2)
const agent = new Agent({ keepAlive: true, maxSockets: 8 })

interface Reply {
  readonly status: number
  readonly release: string
  readonly bytes: Buffer
}

function fetched(url: string): Promise<Reply> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const release = String(response.headers['mill-release'])
        resolve({ status: response.statusCode ?? 0, release, bytes: Buffer.concat(chunks) })
      })
    }).on('error', reject)
  })
}

async function session(): Promise<string> {
  const reply = await fetched(`${base}/agent-menu.json`)
  const menu = JSON.parse(reply.bytes.toString('utf8'))
  const faults = menu.buildVersion === reply.release ? [] : ['menu and header name two releases']
  await Promise.all(
    menu.agents.map(async ({ downloadUrl, digest }: { downloadUrl: string; digest: string }) => {
      const { status, release, bytes } = await fetched(downloadUrl)
      if (status !== 200 || release !== reply.release || digestOf(bytes) !== digest) {
        faults.push(`${downloadUrl}: ${status} of ${release}`)
      }
    }),
  )
  return `${menu.agents.length + 1} ${reply.release} ${faults.join('; ')}`
}

process.stdout.on('error', () => process.exit())
for (;;) {
  const lines = await Promise.all([session(), session()])
  process.stdout.write(`${lines.join('\n')}\n`)
}
