import { createServer, type Server } from 'node:http'
import { discover } from '../../../build/discover.ts'
import { build } from '../../../build/pipeline.ts'
import { withEncodings } from '../../../build/publish.ts'
import type { Artifact, Release } from '../../../build/release.ts'
import { zip } from '../../../build/zip.ts'
import type { Diagnostic } from '../../../schemas/diagnostic.ts'
import { digestOf } from '../../../schemas/digest.ts'
import type { Channel } from '../../../server/channels/channel.ts'
import { openExperiments } from '../../../server/experiments/experiments.ts'
import { createApp } from '../../../server/http/app.ts'
import { servedRelease } from '../../../server/store/served-release.ts'
import { pointerTo } from '../pointer-to.ts'

/** A server whose every name, description, text, branch and finding is an attack: more than any compiler lets through. */
export async function poisonedServer(payloads: readonly string[]): Promise<Server> {
  const release = servedRelease(await withEncodings(await poisoned(payloads)))
  const diagnostics = payloads.map((payload): Diagnostic => {
    const place = {
      path: payload,
      line: 1,
      column: 1,
      severity: 'error',
      code: 'link/unknown-skill',
    } as const
    return { ...place, message: payload, fix: { description: payload, replacement: payload } }
  })
  const pointer = pointerTo(release.id)
  const dev: Channel = { name: 'dev', branch: null, diagnostics, status: 'stale', release, pointer }
  const branches = payloads.map(
    (branch, at): Channel => ({ name: `b${at}`, branch, diagnostics: [], status: 'empty' }),
  )
  const channels = [dev, ...branches]
  const channel = (name: string) => channels.find((one) => one.name === name)
  const state = {
    root: 'dev',
    channel,
    channels: () => channels,
    release: async (id: string) => (id === release.id ? release : undefined),
    experiments: openExperiments({ channel, onWarning: () => undefined }),
  }
  const frameOf = ({ message }: Diagnostic) => ({ first: 1, lines: [message], indent: '' })
  const bug = (error: unknown) => {
    throw error
  }
  const server = createServer(createApp(state, { onBug: bug, frameOf }))
  await new Promise<void>((resolve) => void server.listen(0, 'localhost', resolve))
  return server
}

async function poisoned(payloads: readonly string[]): Promise<Release> {
  const { release } = build(await discover(`${import.meta.dirname}/../../fixtures/content-small`))
  if (release === undefined) throw new Error('the fixture is not sound')
  const artifacts = new Map(release.artifacts)
  const skills = payloads.map((payload, at) => {
    const bytes = zip([['SKILL.md', new TextEncoder().encode(`# ${payload}\n\n${payload}\n`)]], {
      order: 'given',
    })
    const artifact: Artifact = {
      name: `x${at}.zip`,
      bytes,
      digest: digestOf(bytes),
      mediaType: 'application/zip',
    }
    artifacts.set(artifact.name, artifact)
    const place = { file: artifact.name, digest: artifact.digest, size: bytes.length }
    const names = {
      displayName: payload,
      description: payload,
      tags: [payload],
      uri: payload,
      category: payload,
    }
    return { id: `${at} ${payload}`, framework: payload, ...names, ...place }
  })
  const docs = payloads.map((payload, at) => {
    const names = { displayName: payload, description: payload, tags: [payload], uri: payload }
    return { id: `${at} ${payload}`, ...names, text: payload }
  })
  const index = { ...release.index, skills: [...release.index.skills, ...skills], docs }
  return { id: digestOf('poisoned'), index, artifacts }
}
