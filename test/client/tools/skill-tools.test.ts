import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bootstrap } from '../../../client/bootstrap/bootstrap.ts'
import { installSkill } from '../../../client/tools/install-skill.ts'
import { loadSkillMenu } from '../../../client/tools/load-skill-menu.ts'
import { type FlowServer, prompt, serveFlow } from '../flow-server.ts'
import { appWithRun, type ScratchApp } from './attempt-of.ts'

const never = new AbortController().signal
let app: ScratchApp
let server: FlowServer
beforeEach(async () => {
  app = await appWithRun()
  server = await serveFlow({
    agents: { plan: prompt('plan', 'seed: true'), init: prompt('init', 'skills: [integration-init]') },
    archives: { 'event-naming': null },
    bundles: { 'integration-init': ['nextjs', 'express'] },
  })
})
afterEach(async () => {
  server.close()
  await app[Symbol.asyncDispose]()
})

async function tools() {
  const { shelf } = await bootstrap({
    base: server.base,
    flow: 'demo',
    framework: 'nextjs',
    skillsFolder: join(app.runFolder, 'skills'),
    app: app.path,
    signal: never,
  })
  const asked = server.asked.length
  const menu = loadSkillMenu(shelf, 'nextjs')
  const install = installSkill(shelf)
  return {
    menu: (input = {}) => menu.run(input, never),
    install: (id: string) => install.run({ id }, never),
    requests: () => server.asked.length - asked,
  }
}

describe('load_skill_menu and install_skill', () => {
  test('tell and unpack what came with the flow, and never ask the server', async () => {
    const { menu, install, requests } = await tools()
    server.close()
    expect((await menu()).split('\n')).toEqual([
      expect.stringMatching(/^- integration-init-nextjs: [^(]+$/),
      expect.stringMatching(/^- event-naming: .* \(cannot be installed in this run\)$/),
    ])
    expect(await menu({ group: 'integration-init' })).toContain('- integration-init-express')
    expect(await menu({ group: 'nothing' })).toBe('No skill fits')
    expect(await install('integration-init')).toContain(
      '.mill/runs/r1/skills/integration-init-nextjs/SKILL.md',
    )
    expect(existsSync(join(app.runFolder, 'skills/integration-init-express'))).toBe(false)
    expect(await install('integration-init-express')).toContain('Installed integration-init-express')
    expect(existsSync(join(app.runFolder, 'skills/integration-init-express/SKILL.md'))).toBe(true)
    await expect(install('event-naming')).rejects.toThrow('no prompt of this flow names it')
    expect(requests()).toBe(0)
  })

  test.each(['unknown', '../x', 'a/b', '', 'Integration-Init'])('refuse the id %j', async (id) => {
    const { install } = await tools()
    await expect(install(id)).rejects.toThrow(/^Cannot /)
  })
})
