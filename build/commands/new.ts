import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { Command } from 'commander'
import type { z } from 'zod'
import { type CliIo, CommandError, EXIT } from '../../schemas/cli.ts'
import { flowName, taskType } from '../../schemas/ids.ts'
import { portableSkillName } from '../../schemas/skill.ts'
import { agentSkeleton, flowSkeleton, type Skeleton, seedSkeleton, skillSkeleton } from '../skeleton.ts'
import { type Ask, asking } from './ask.ts'
import { contentOption } from './content.ts'

interface NewOptions {
  readonly content: string
  readonly seed?: true
}

/** Makes one kind of content: reads its name from an argument, or asks for it. */
interface Maker {
  readonly about: string
  readonly argument: string
  readonly example: string
  readonly read: (name: string) => Skeleton
  readonly ask: (ask: Ask, root: string) => Promise<Skeleton>
}

const MAKERS = {
  agent: {
    about: 'A prompt for one more task type of a flow',
    argument: '[flow/type]',
    example: 'integrate-posthog/build',
    read: (name) => {
      const { flow, type } = readAgentName(name)
      return agentSkeleton(flow, type)
    },
    ask: async (ask, root) => {
      const flows = await flowsIn(root)
      const known = flows.length === 0 ? '' : `, one of ${flows.join(', ')} or a new one`
      const flow = await ask({ text: `Flow${known}`, fallback: flows[0], problem: problemWith(flowName) })
      const taken = await typesIn(root, flow)
      const problem = (type: string) =>
        taken.includes(type) ? `The flow has a "${type}" already` : problemWith(taskType)(type)
      return agentSkeleton(flow, await ask({ text: 'Task type, such as "build"', problem }))
    },
  },
  flow: {
    about: 'A flow with a seed and one task',
    argument: '[name]',
    example: 'integrate-posthog',
    read: (name) => flowSkeleton(named(flowName, name)),
    ask: async (ask, root) => {
      const flows = await flowsIn(root)
      const problem = (flow: string) =>
        flows.includes(flow) ? `There is a flow "${flow}" already` : problemWith(flowName)(flow)
      return flowSkeleton(
        await ask({ text: 'Name of the flow', fallback: freeName('my-flow', flows), problem }),
      )
    },
  },
  skill: {
    about: 'A plain skill',
    argument: '[name]',
    example: 'event-naming',
    read: (name) => skillSkeleton(named(portableSkillName, name)),
    ask: async (ask, root) => {
      const skills = await namesIn(join(root, 'skills'))
      const problem = (skill: string) =>
        skills.includes(skill) ? `There is a skill "${skill}" already` : problemWith(portableSkillName)(skill)
      return skillSkeleton(
        await ask({ text: 'Name of the skill', fallback: freeName('my-skill', skills), problem }),
      )
    },
  },
} satisfies Readonly<Record<string, Maker>>
const KINDS = Object.keys(MAKERS) as readonly (keyof typeof MAKERS)[]

/** `mill new`: a skeleton that passes `mill check`. */
export function newCommand(io: CliIo): Command {
  const command = new Command('new')
    .description('Create a flow, an agent prompt or a skill; what is not said is asked for')
    .addOption(contentOption())
    .addHelpText('after', '\nExamples:\n  $ mill new\n  $ mill new flow integrate-posthog')
    // Commands below this one were made before the program's settings were handed down.
    .hook('preSubcommand', (above, below) => void below.copyInheritedSettings(above))
    .action((options: NewOptions) =>
      asking(io, async (ask) => {
        if (ask === undefined) throw usage(`Cannot tell what to create: expected one of ${KINDS.join(', ')}`)
        const problem = (kind: string) => (isKind(kind) ? undefined : `Expected ${KINDS.join(', ')}`)
        const kind = await ask({ text: `What, one of ${KINDS.join(', ')}`, fallback: 'agent', problem })
        const root = resolve(io.cwd, options.content)
        if (isKind(kind)) await create(io, await MAKERS[kind].ask(ask, root), options)
      }),
    )
  for (const kind of KINDS) command.addCommand(makerCommand(io, kind))
  return command
}

function makerCommand(io: CliIo, kind: keyof typeof MAKERS): Command {
  const { about, argument, example, read, ask: askFor } = MAKERS[kind]
  const command = new Command(kind)
    .description(about)
    .argument(argument, `such as ${example}; asked for when left out`)
    .addOption(contentOption())
    .addHelpText('after', `\nExamples:\n  $ mill new ${kind} ${example}`)
    .action((name: string | undefined, _: NewOptions, command: Command) => {
      const options = command.optsWithGlobals<NewOptions>()
      if (options.seed === true) return createSeed(io, name, options)
      if (name !== undefined) return create(io, read(name), options)
      return asking(io, async (ask) => {
        if (ask === undefined)
          throw usage(`Cannot create a nameless ${kind}: expected ${argument}, such as ${example}`)
        await create(io, await askFor(ask, resolve(io.cwd, options.content)), options)
      })
    })
  return kind === 'agent' ? command.option('--seed', 'make it the prompt that plans its flow') : command
}

async function create(io: CliIo, skeleton: Skeleton, { content }: NewOptions): Promise<void> {
  const root = resolve(io.cwd, content)
  await writeNew(skeleton, root)
  for (const path of skeleton.keys()) io.stdout.write(`created ${join(content, path)}\n`)
  for (const flow of new Set([...skeleton.keys()].flatMap((path) => AGENT.exec(path)?.[1] ?? []))) {
    if (await hasSeed(root, flow)) continue
    const where = content === 'content' ? '' : ` --content ${content}`
    io.stdout.write(
      `The flow "${flow}" has no seed yet, the prompt that plans it: mill new agent ${flow}/seed --seed${where}\n`,
    )
  }
}

const AGENT = /^agents\/([^/]+)\//

/** `mill new agent <flow>/<type> --seed` */
async function createSeed(io: CliIo, name: string | undefined, options: NewOptions): Promise<void> {
  if (name === undefined)
    throw usage('Cannot create a nameless seed: expected [flow/type], such as tidy-up/seed')
  const root = resolve(io.cwd, options.content)
  const { flow, type } = readAgentName(name)
  if (await hasSeed(root, flow)) {
    throw usage(`Cannot create a second seed of the flow "${flow}": expected one, it has one already`)
  }
  await create(io, seedSkeleton(flow, type, await typesIn(root, flow)), options)
}

async function hasSeed(root: string, flow: string): Promise<boolean> {
  const files = (await namesIn(join(root, 'agents', flow))).filter((name) => name.endsWith('.md'))
  const texts = await Promise.all(
    files.map((name) => readFile(join(root, 'agents', flow, name), 'utf8').catch(() => '')),
  )
  return texts.some((text) => /^---\n(?:(?!---$).*\n)*?seed:[ \t]*true\b/m.test(text.slice(0, 16_384)))
}

function readAgentName(name: string): { readonly flow: string; readonly type: string } {
  const [flow = '', type = '', ...more] = name.split('/')
  if (more.length > 0 || type === '') {
    throw usage(`Cannot create the agent prompt "${name}": expected <flow>/<type>`)
  }
  return { flow: named(flowName, flow), type: named(taskType, type) }
}

function isKind(kind: string): kind is keyof typeof MAKERS {
  return (KINDS as readonly string[]).includes(kind)
}

function problemWith(schema: z.ZodType<string>): (name: string) => string | undefined {
  return (name) => {
    const message = schema.safeParse(name).error?.issues[0]?.message
    return message && message.charAt(0).toUpperCase() + message.slice(1)
  }
}

function freeName(name: string, taken: readonly string[]): string {
  let free = name
  for (let at = 2; taken.includes(free); at++) free = `${name}-${at}`
  return free
}

async function flowsIn(root: string): Promise<string[]> {
  return (await namesIn(join(root, 'agents'))).filter((name) => flowName.safeParse(name).success)
}

async function typesIn(root: string, flow: string): Promise<string[]> {
  const names = await namesIn(join(root, 'agents', flow))
  return names.map((name) => name.replace(/\.md$/, '')).filter((name) => taskType.safeParse(name).success)
}

async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).sort()
}

function named(schema: z.ZodType<string>, name: string): string {
  const read = schema.safeParse(name)
  if (read.success) return read.data
  throw usage(`Cannot create "${name}": ${read.error.issues[0]?.message}`)
}

function usage(message: string): CommandError {
  return new CommandError('new/name', message, { exit: EXIT.usage })
}

async function writeNew(skeleton: Skeleton, root: string): Promise<void> {
  for (const path of skeleton.keys()) {
    const there = await stat(join(root, path)).catch(() => undefined)
    if (there !== undefined) throw exists(path)
  }
  for (const [path, text] of skeleton) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'EEXIST' ? exists(path, error) : error
    })
  }
}

function exists(path: string, cause?: unknown): CommandError {
  return new CommandError('new/exists', `Cannot create "${path}": it exists, expected a new name`, { cause })
}
