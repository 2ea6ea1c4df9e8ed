import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, describe, expect, test } from 'vitest'
import { ScratchApp } from './scratch-app.ts'

const run = promisify(execFile)
let app: ScratchApp
afterEach(() => app.remove())

describe('integrate-posthog on Express', () => {
  test('puts everything in its place, and does not do it twice', async () => {
    app = await ScratchApp.of('express-clean')
    const desk = await app.drain('integrate-posthog', 'express', ['build'])
    expect(desk.tasks.filter(({ status }) => status === 'failed')).toEqual([])
    expect(JSON.parse(await app.text('package.json')).dependencies['posthog-node']).toMatch(/^\^5\./)
    expect(await app.text('.env.example')).toMatch(/^POSTHOG_KEY=\n[\s\S]*^POSTHOG_HOST=\n$/m)
    expect(await app.text('src/server.js')).toMatch(
      /'SIGTERM', async \(\) => \{\n {2}await posthog\?\.shutdown\(\)\n/,
    )
    const source = await app.text('src/app.js')
    expect(source).toMatch(/posthog\?\.identify\(\{ distinctId: String\(user\.id\) \}\)\n {2}response\.json/)
    expect(source).toMatch(
      /event: 'entry_added', properties: \{ text_length: text\.length \} \}\)\n {2}response/,
    )
    expect(source).toMatch(
      /app\.use\(\(error, request, response, next\) => \{\n {2}posthog\?\.captureException\(error\)/,
    )
    for (const file of ['src/app.js', 'src/posthog.js', 'src/server.js'])
      await run(process.execPath, ['--check', join(app.folder, file)])
    const once = await app.files()
    await app.drain('integrate-posthog', 'express', ['build'])
    expect(await app.files()).toEqual(once)
  })

  test('puts the same in its place when tasks that change one file run at once', async () => {
    app = await ScratchApp.of('express-clean')
    await app.drain('integrate-posthog', 'express', ['build'])
    const expected = await app.files()
    for (let round = 0; round < 5; round += 1) {
      await app.remove()
      app = await ScratchApp.of('express-clean')
      const desk = await app.drainAtOnce('integrate-posthog', 'express', ['build'])
      expect(desk.tasks.filter(({ status }) => status === 'failed')).toEqual([])
      expect(await app.files()).toEqual(expected)
    }
  })

  test('writes CommonJS where the app does, and ends the client where the app has no handler of its own', async () => {
    app = await ScratchApp.of()
    await app.put('package.json', '{\n  "name": "x",\n  "dependencies": {\n    "express": "^5.0.0"\n  }\n}\n')
    await app.put(
      'index.js',
      'const express = require("express");\n\nconst app = express();\n\napp.post("/notes", (req, res) => {\n  const { text } = req.body;\n  res.json({ text });\n});\n\napp.listen(3000);\n',
    )
    await app.drain('integrate-posthog', 'express', ['build'])
    const source = await app.text('index.js')
    expect(source).toContain('const { posthog } = require("./posthog");\n')
    expect(source).toMatch(/\}\);\n\napp\.use\(\(error[\s\S]*next\(error\);\n\}\);\n\napp\.listen/)
    expect(source).toContain(
      'posthog?.capture({ distinctId: "anonymous", event: "note_added", properties: { $process_person_profile: false, text_length: text.length } });\n  res.json',
    )
    expect(await app.text('posthog.js')).toMatch(
      /require\("posthog-node"\);[\s\S]*module\.exports = \{ posthog \};[\s\S]*"SIGTERM"/,
    )
    for (const file of ['index.js', 'posthog.js'])
      await run(process.execPath, ['--check', join(app.folder, file)])
  })

  test('fails for a framework without rules, in words', async () => {
    app = await ScratchApp.of('express-clean')
    const desk = await app.one('django', 'init')
    expect(desk.of('init')).toMatchObject({ status: 'failed', why: expect.stringContaining('"django"') })
  })
})
