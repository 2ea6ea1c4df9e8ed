import {
  appendFileSync,
  closeSync,
  ftruncateSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { gather } from '../../../build/gather.ts'
import { build } from '../../../build/pipeline.ts'
import { times } from '../../times.ts'
import { repoWithContent } from '../repo.ts'
import { contentFolder, greetPrompt, write } from '../scratch.ts'
import { channel, eventually, greeting, type Running, running } from '../serving.ts'

/** The whole of a guarantee takes minutes; a part of it shows a mistake as well. */

const GREET = 'agents/hello/greet.md'

/** Writes a text piece by piece; tells the longest pause that it really made. */
type Save = (file: string, pieces: readonly string[]) => Promise<number>

const PAUSE_MS = 110

async function slowly(pieces: readonly string[], put: (piece: string) => void): Promise<number> {
  let longest = 0
  let last = performance.now()
  for (const [at, piece] of pieces.entries()) {
    if (at > 0) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    put(piece)
    const now = performance.now()
    if (at > 0) longest = Math.max(longest, now - last)
    last = now
  }
  return longest
}

const appended = (file: string, pieces: readonly string[]) =>
  slowly(pieces, (piece) => appendFileSync(file, piece))

/** How programs save a file. */
const SAVES: Readonly<Record<string, Save>> = {
  truncate: (file, pieces) => {
    writeFileSync(file, '')
    return appended(file, pieces)
  },
  rename: async (file, pieces) => {
    await appended(`${file}.tmp`, pieces)
    renameSync(`${file}.tmp`, file)
    return 0
  },
  backup: async (file, pieces) => {
    renameSync(file, `${file}~`)
    const pause = await appended(file, pieces)
    rmSync(`${file}~`)
    return pause
  },
  create: (file, pieces) => {
    rmSync(file)
    return appended(file, pieces)
  },
  overwrite: async (file, pieces) => {
    const handle = openSync(file, 'r+')
    let length = 0
    const pause = await slowly(pieces, (piece) => {
      length += writeSync(handle, piece, length)
    })
    ftruncateSync(handle, length)
    closeSync(handle)
    return pause
  },
}

const prompt = (type: string, goal: string) => greetPrompt(goal).replace('type: greet', `type: ${type}`)

/** A prompt that is sound at the end of each of its pieces. */
const piecesOf = (type: string, round: number) => [
  prompt(type, `Goal ${round}.`),
  `More ${round}.\n`.repeat(40),
  `Much more ${round}.\n`.repeat(40),
  `The end ${round}.\n`,
]

/** Every text of a prompt that was ever served by `dev` when it said that all is well. */
function served(server: Running, type: string): readonly string[] {
  return server.changes.flatMap(({ after }) => {
    if (after.name !== 'dev' || after.status !== 'live') return []
    const bytes = after.release.release.artifacts.get(`agents-hello-${type}.md`)?.bytes
    return bytes === undefined ? [] : [Buffer.from(bytes).toString()]
  })
}

/** How often a prompt speaks of a round, in words of which only a whole one has all. */
const wholeness = (text: string) => /The end (\d+)\./.exec(text)?.[1]

test('serve() in watch mode serves what slow programs save when it is whole, and nothing else', {
  timeout: 600_000,
}, async () => {
  const content = contentFolder()
  const styles = Object.entries(SAVES)
  for (const [type] of styles) write(content, { [`agents/hello/${type}.md`]: piecesOf(type, 0).join('') })
  const server = await running(content, { watch: true })
  const patient = new Set<string>()
  for (let round = 1; round <= times(5, 100); round += 1) {
    const saving = styles.map(async ([type, save]) => {
      const pause = await save(join(content, `agents/hello/${type}.md`), piecesOf(type, round))
      // A writer that was held up by the machine for longer than anybody waits is no slow program.
      if (pause > 140) patient.add(type)
    })
    await Promise.all(saving)
    const latest = () => styles.map(([type]) => wholeness(served(server, type).at(-1) ?? ''))
    await eventually(latest, (rounds) => rounds.every((one) => one === String(round)))
  }
  for (const [type] of styles) {
    const halves = served(server, type).filter((text) => wholeness(text) === undefined)
    if (!patient.has(type)) expect([type, halves]).toEqual([type, []])
  }
  expect(server.bugs).toEqual([])
})

test('serve() in watch mode tells of a broken file at every rebuild, and goes on with the last good release', {
  timeout: 300_000,
}, async () => {
  const content = contentFolder()
  const server = await running(content, { watch: true })
  const good = await greeting(server)
  for (let round = 1; round <= times(10, 50); round += 1) {
    const key = `wrong${round}`
    write(content, { [GREET]: greetPrompt('Broken.').replace('flow: hello', `flow: hello\n${key}: 1`) })
    const dev = await eventually(
      () => channel(server, 'dev'),
      (now) => now?.diagnostics.some(({ message }) => message.includes(key)) === true,
    )
    expect([dev?.status, dev?.pointer?.serial, await greeting(server)]).toEqual(['stale', 1, good])
  }
  expect(server.bugs).toEqual([])
})

test('serve() in watch mode settles on the last tree of a storm of checkouts, and serves no mixture', {
  timeout: 300_000,
}, async () => {
  const repo = repoWithContent()
  const files = (say: string) =>
    Object.fromEntries(
      Array.from({ length: times(50, 500) }, (_, at) => [
        `agents/hello/task-${at}.md`,
        prompt(`task-${at}`, `${say} ${at}`),
      ]),
    )
  const release = async () => build(await gather(repo.content)).release?.id
  repo.git('checkout', '--quiet', '-b', 'other')
  write(repo.content, files('Other'))
  repo.commit('other')
  const other = await release()
  repo.git('checkout', '--quiet', 'main')
  write(repo.content, files('Main'))
  repo.commit('main')
  const main = await release()
  const server = await running(repo.content, { watch: true })
  for (let at = 0; at < times(10, 100); at += 1) {
    repo.git('checkout', '--quiet', at % 2 === 0 ? 'other' : 'main')
    if (at % 3 === 0) await new Promise((resolve) => setTimeout(resolve, 60))
  }
  repo.git('checkout', '--quiet', 'other')
  const live = () =>
    server.changes.flatMap(({ after }) =>
      after.name === 'dev' && after.status === 'live' ? [after.release.id] : [],
    )
  await eventually(live, (ids) => ids.at(-1) === other)
  expect([main, other]).toEqual(expect.arrayContaining([...new Set(live())]))
  expect(server.bugs).toEqual([])
})
