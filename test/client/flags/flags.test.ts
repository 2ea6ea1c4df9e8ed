import { writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { readFlagConfig } from '../../../client/flags/config.ts'
import { flagOfRun } from '../../../client/flags/flag-of-run.ts'
import { readFlagsFile } from '../../../client/flags/flags-file.ts'
import { orchestratorFlag } from '../../../client/flags/orchestrator-flag.ts'
import { scratch } from '../scripted.ts'

const stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

interface Asked {
  readonly url: string
  readonly body: string
}

/** Stands where PostHog would; `answer` may also never answer. */
async function posthog(answer: (path: string, response: ServerResponse) => void) {
  const asked: Asked[] = []
  const server = createServer((request: IncomingMessage, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      asked.push({ url: request.url ?? '', body })
      answer(request.url ?? '', response)
    })
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  stops.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return { asked, host: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

const json = (response: ServerResponse, body: object): void =>
  void response.setHeader('content-type', 'application/json').end(JSON.stringify(body))
const remote = (enabled: boolean) => (_: string, response: ServerResponse) =>
  json(response, { flags: { 'wizard-orchestrator': { key: 'wizard-orchestrator', enabled } } })
const ask = async (env: Record<string, string>, file?: string) =>
  (await flagOfRun({ app: '/secret/place', cwd: '/', env, file }))()

describe('orchestratorFlag()', () => {
  const file = (says: boolean | undefined) => ({ path: 'f.json', says })
  test.each([
    [{ file: file(false), environment: true, posthog: async () => true }, 'linear', 'flags-file'],
    [{ file: file(undefined), environment: false, posthog: async () => true }, 'linear', 'environment'],
    [{ posthog: async () => false }, 'linear', 'posthog'],
    [{ file: file(true), environment: false }, 'orchestrator', 'flags-file'],
    [{ posthog: async () => undefined }, 'orchestrator', 'default'],
    [{}, 'orchestrator', 'default'],
  ])('goes by the first that knows: %j', async (sources, sequence, by) => {
    expect(await orchestratorFlag(sources)).toMatchObject({ sequence, by })
  })

  test('says whom it could not ask', async () => {
    const down = async () => Promise.reject(new Error('gone'))
    expect(await orchestratorFlag({ posthog: down })).toEqual({
      ...{ sequence: 'orchestrator', by: 'default', why: 'PostHog could not be asked: gone' },
    })
  })
})

describe('readFlagConfig()', () => {
  const flagOf = (MILL_FLAG_WIZARD_ORCHESTRATOR: string) => readFlagConfig({ MILL_FLAG_WIZARD_ORCHESTRATOR })
  test('takes a few words for on and off, and no others', () => {
    expect(['true', '1', 'on', 'false', '0', 'off', ''].map((word) => flagOf(word).orchestrator)).toEqual([
      ...[true, true, true, false, false, false, undefined],
    ])
    for (const word of ['maybe', 'TRUE ', 'constructor'])
      expect(() => flagOf(word)).toThrow('expected "true" or "false"')
  })
  test('asks PostHog only where there is a key, at an http address', () => {
    expect(readFlagConfig({ MILL_FLAG_POSTHOG_HOST: 'https://x.test' }).posthog).toBeUndefined()
    expect(readFlagConfig({ MILL_FLAG_POSTHOG_KEY: 'k' }).posthog?.host).toMatch(/^https:/)
    expect(() => readFlagConfig({ MILL_FLAG_POSTHOG_KEY: 'k', MILL_FLAG_POSTHOG_HOST: 'file:///x' })).toThrow(
      'Cannot read MILL_FLAG_POSTHOG_HOST="file:///x"',
    )
  })
})

describe('readFlagsFile()', () => {
  const said = async (text: string) => {
    using dir = scratch()
    const path = join(dir.path, 'flags.json')
    writeFileSync(path, text)
    return await readFlagsFile(path)
  }
  test('reads the flag, and leaves others alone', async () => {
    expect(await said('{"wizard-orchestrator": false, "other": true}')).toBe(false)
    expect(await said('{"other": true}')).toBeUndefined()
  })
  test.each([
    ['{"wizard-orchestrater": false}', 'did you mean "wizard-orchestrator"?'],
    ['{"wizard-orchestrator": "off"}', 'expected boolean'],
    ['[]', 'expected record'],
    ['{', 'Cannot use the flags of'],
  ])('refuses %s', async (text, why) => {
    await expect(said(text)).rejects.toMatchObject({
      code: 'run/flags-file',
      message: expect.stringContaining(why),
    })
  })
  test('refuses a file that is not there', async () => {
    await expect(readFlagsFile('/nowhere/f.json')).rejects.toThrow('ENOENT')
  })
})

describe('flagOfRun()', () => {
  test('asks PostHog about a unit that does not tell the app, and captures nothing', async () => {
    const { asked, host } = await posthog(remote(false))
    const env = { MILL_FLAG_POSTHOG_KEY: 'phc_x', MILL_FLAG_POSTHOG_HOST: host }
    const first = await ask(env)
    expect(first).toEqual({ sequence: 'linear', by: 'posthog', why: 'wizard-orchestrator is off by PostHog' })
    await ask(env)
    expect(asked.map(({ url }) => url.split('?')[0])).toEqual(['/flags/', '/flags/'])
    const units = asked.map(({ body }) => JSON.parse(body).distinct_id)
    expect(units[0]).toMatch(/^[0-9a-f]{32}$/)
    expect(units[1]).toBe(units[0])
    expect(JSON.stringify(asked)).not.toContain('secret')
  })

  test('works the flag out here when it has a personal key', async () => {
    const flags = [
      {
        key: 'wizard-orchestrator',
        active: true,
        id: 1,
        filters: { groups: [{ properties: [], rollout_percentage: 0 }] },
      },
    ]
    const { asked, host } = await posthog((_, response) =>
      json(response, { flags, group_type_mapping: {}, cohorts: {} }),
    )
    const env = {
      MILL_FLAG_POSTHOG_KEY: 'phc_x',
      MILL_FLAG_POSTHOG_HOST: host,
      MILL_FLAG_POSTHOG_PERSONAL_KEY: 'phx',
    }
    expect(await ask(env)).toMatchObject({ sequence: 'linear', by: 'posthog' })
    expect(asked.map(({ url }) => url.split('?')[0])).toEqual(['/api/feature_flag/local_evaluation'])
  })

  test.each([
    [
      'does not know it',
      (_: string, response: ServerResponse) => json(response, { flags: {} }),
      'does not know',
    ],
    ['never answers', () => undefined, 'could not be asked'],
    [
      'fails',
      (_: string, response: ServerResponse) => void response.writeHead(401).end('{}'),
      'could not be asked',
    ],
  ])('leaves it on, and says why, when PostHog %s', async (_, answer, why) => {
    const { host } = await posthog(answer)
    const decided = await ask({ MILL_FLAG_POSTHOG_KEY: 'phc_x', MILL_FLAG_POSTHOG_HOST: host })
    expect(decided).toMatchObject({ sequence: 'orchestrator', by: 'default' })
    expect(decided.why).toContain(why)
  })

  test('asks nobody without a key, and nobody where a file knows', async () => {
    using dir = scratch()
    const file = join(dir.path, 'flags.json')
    writeFileSync(file, '{"wizard-orchestrator": false}')
    const { asked, host } = await posthog(remote(true))
    expect(await ask({ MILL_FLAG_POSTHOG_HOST: host })).toMatchObject({ by: 'default' })
    const env = { MILL_FLAG_POSTHOG_KEY: 'k', MILL_FLAG_POSTHOG_HOST: host }
    expect(await ask(env, file)).toMatchObject({ sequence: 'linear', by: 'flags-file' })
    expect(asked).toEqual([])
  })
})
