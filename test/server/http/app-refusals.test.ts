import request from 'supertest'
import { expect, test } from 'vitest'
import { createApp } from '../../../server/http/app.ts'
import { bugs, experiments, server } from '../app-server.ts'

test.each([
  '/nothing',
  '/channels/nothing',
  '/channels/nothing/agent-menu.json',
  '/v/',
  '/v/dev/agent-menu.json',
  `/v/${'0'.repeat(64)}/agent-menu.json`,
  '/__proto__',
  '/constructor',
  '/v/__proto__/constructor',
  '/channels/__proto__',
  '/channels/__proto__/toString',
  '/agent-menu.json/',
  '/AGENT-MENU.JSON',
  '/agents/',
  '/agents/a/b',
  '/release.json',
])('createApp() answers %s with 404 in JSON', async (path) => {
  const { body, headers } = await request(server).get(path).expect(404)
  expect(body).toEqual({ error: 'route/unknown', message: expect.stringContaining('Cannot find') })
  expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff' })
})

test('createApp() gives away neither itself nor its insides', async () => {
  for (const path of ['/agent-menu.json', '/%', '/%c0%af', '/channels/%', '/v/%ff/x', '/nothing']) {
    const { status, headers, text } = await request(server).get(path)
    expect(status).toBeLessThan(500)
    expect(text).not.toMatch(/node_modules|at .*\.ts|\/work\/|\/home\/|Error:/)
    expect(headers).not.toHaveProperty('x-powered-by')
    expect(headers).not.toHaveProperty('access-control-allow-origin')
    expect(headers['content-security-policy']).toContain("default-src 'none'")
  }
  expect(bugs).toEqual([])
})

test('createApp() answers a bug of ours without a stack, and tells its owner', async () => {
  const told: unknown[] = []
  const broken = createApp(
    {
      root: 'dev',
      channels: () => [],
      experiments,
      channel: () => {
        throw new Error('secret /etc/passwd')
      },
      release: () => Promise.reject(new Error('secret')),
    },
    { onBug: (error) => void told.push(error) },
  )
  for (const path of ['/agent-menu.json', `/v/${'a'.repeat(64)}/x`]) {
    const { text } = await request(broken).get(path).expect(500)
    expect(text).not.toContain('secret')
  }
  expect(told).toHaveLength(2)
})
