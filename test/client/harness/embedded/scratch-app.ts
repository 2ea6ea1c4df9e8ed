/** A copy of a fixture app that a flow may change. */
import { cp, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { embeddedHarness } from '../../../../client/harness/embedded/embedded.ts'
import { Desk, type DeskOptions } from '../desk.ts'

const FIXTURES = new URL('../../../fixtures/apps/', import.meta.url)
const NOT_SOURCE = /^(node_modules|\.next|\.mill|next-env|package-lock|posthog-setup-report|.*tsbuildinfo)/

export class ScratchApp {
  readonly folder: string

  private constructor(folder: string) {
    this.folder = folder
  }

  static async of(fixture?: string): Promise<ScratchApp> {
    const app = new ScratchApp(await realpath(await mkdtemp(join(tmpdir(), 'flow-'))))
    if (fixture) await cp(new URL(fixture, FIXTURES), app.folder, { recursive: true })
    return app
  }

  text(file: string): Promise<string> {
    return readFile(join(this.folder, file), 'utf8')
  }

  put(file: string, content: string): Promise<void> {
    return writeFile(join(this.folder, file), content)
  }

  /** Every file but what is installed, generated, reported or of the run. */
  async files(): Promise<Readonly<Record<string, string>>> {
    const entries = await readdir(this.folder, { recursive: true, withFileTypes: true })
    const names = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(this.folder.length + 1))
      .filter((name) => !NOT_SOURCE.test(name))
    return Object.fromEntries(
      await Promise.all(names.sort().map(async (name) => [name, await this.text(name)] as const)),
    )
  }

  desk(flow: string, framework: string, more: Partial<DeskOptions> = {}): Desk {
    return new Desk({ app: this.folder, flow, framework, ...more })
  }

  /** A desk with one task of a type, which has run. */
  async one(framework: string, type: string, more: Partial<DeskOptions> = {}): Promise<Desk> {
    const desk = this.desk('integrate-posthog', framework, more)
    desk.tasks.push({ id: 't1', type, dependsOn: [], status: 'pending' })
    await embeddedHarness().run(desk.job('t1', type))
    return desk
  }

  /** Runs a whole flow; every agent has to end by itself. */
  async drain(flow: string, framework: string, skip: readonly string[] = []): Promise<Desk> {
    const desk = this.desk(flow, framework)
    const outcomes = await desk.drain(embeddedHarness(), skip)
    expect(outcomes.map(({ end, message }) => [end, message])).toEqual(
      outcomes.map(() => ['done', undefined]),
    )
    return desk
  }

  /** The same, tasks at once where the graph lets them. */
  async drainAtOnce(flow: string, framework: string, skip: readonly string[] = []): Promise<Desk> {
    const desk = this.desk(flow, framework)
    await desk.drainAtOnce(embeddedHarness(), skip)
    return desk
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true })
  }
}

/** Task type to the types it waits for. */
export function graphOf(desk: Desk): Readonly<Record<string, string>> {
  const typeOf = (id: string) => desk.tasks.find((task) => task.id === id)?.type
  return Object.fromEntries(desk.tasks.map(({ type, dependsOn }) => [type, dependsOn.map(typeOf).join(' ')]))
}
