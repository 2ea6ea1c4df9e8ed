import { flowBundleSchema } from '../../schemas/agent-menu.ts'
import { digestOf } from '../../schemas/digest.ts'
import { parsePrompt } from '../../schemas/flat-prompt.ts'
import { dashed } from '../../schemas/ids.ts'
import { jsonOf } from '../../schemas/json-text.ts'
import type { BundleRecord, ReleaseIndex } from '../../schemas/release.ts'
import { skillBundleSchema } from '../../schemas/skill.ts'
import { unpackStrictly } from './archive.ts'
import type { Check, Mismatch } from './check.ts'

/** A file that the index of a release promises, and what it must be beside having its digest. */
interface Promised {
  readonly kind: 'prompt' | 'flow' | 'zip' | 'bundle' | 'document'
  readonly file: string
  readonly digest: string
  readonly size: number
  readonly look: (bytes: Uint8Array) => Promise<Mismatch | undefined> | Mismatch | undefined
}

/** Reads every file that the index promises; gives back those that are what it says. */
export async function verifyArtifacts(
  check: Check,
  prefix: string,
  index: ReleaseIndex,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const sound = new Map<string, Uint8Array>()
  await Promise.all(
    promisedBy(index).map(async ({ kind, file, digest, size, look }) => {
      const bytes = await check.need(prefix + file)
      if (bytes === undefined) return
      const fault = sizeOrDigest({ digest, size }, bytes) ?? (await look(bytes))
      if (fault === undefined) sound.set(file, bytes)
      else check.report(kind, prefix + file, fault)
    }),
  )
  for (const { flow, file } of index.flows) {
    const fault = flowFault(index, flow, sound)
    if (fault !== undefined) check.report('flow', prefix + file, fault)
  }
  return sound
}

function promisedBy({ agents, flows, skills, bundles, docs = [] }: ReleaseIndex): Promised[] {
  return [
    ...agents.map(
      (agent): Promised => ({ kind: 'prompt', look: (bytes) => promptFault(agent, bytes), ...agent }),
    ),
    ...flows.map((flow): Promised => ({ kind: 'flow', look: () => undefined, ...flow })),
    ...skills.map((skill): Promised => ({ kind: 'zip', look: zipFault, ...skill })),
    ...bundles.map(
      (bundle): Promised => ({ kind: 'bundle', look: (bytes) => bundleFault(bundle, bytes), ...bundle }),
    ),
    ...docs.flatMap(({ asset, text }): Promised[] =>
      asset === undefined ? [] : [{ kind: 'document', look: (bytes) => textFault(text, bytes), ...asset }],
    ),
  ]
}

function sizeOrDigest(
  { digest, size }: { readonly digest: string; readonly size: number },
  bytes: Uint8Array,
): Mismatch | undefined {
  if (bytes.length !== size) return { expected: `${size} bytes`, came: `${bytes.length}` }
  const came = digestOf(bytes)
  return came === digest ? undefined : { expected: `the digest ${digest}`, came }
}

function promptFault(
  { flow, type }: { readonly flow: string; readonly type: string },
  bytes: Uint8Array,
): Mismatch | undefined {
  const expected = `the prompt "${type}" of flow "${flow}"`
  try {
    const prompt = parsePrompt(textOf(bytes))
    if (prompt.type === type && prompt.flow === flow) return undefined
    return { expected, came: `"${prompt.type}" of "${prompt.flow}"` }
  } catch (error) {
    return { expected, came: (error as Error).message }
  }
}

async function zipFault(bytes: Uint8Array): Promise<Mismatch | undefined> {
  const { files, fault } = await unpackStrictly(bytes)
  if (files === undefined) return { expected: 'a sound archive', came: fault }
  if (files.has('SKILL.md')) return undefined
  return { expected: 'SKILL.md at the root', came: [...files.keys()].slice(0, 5).join(', ') || 'no file' }
}

function bundleFault({ category, variants }: BundleRecord, bytes: Uint8Array): Mismatch | undefined {
  const expected = `the bundle "${dashed(category)}" with ${variants.map(({ id }) => id).join(', ')}`
  const bundle = skillBundleSchema.safeParse(jsonOf(bytes))
  if (!bundle.success) return { expected, came: bundle.error.issues[0]?.message ?? 'something else' }
  const { id, variants: came } = bundle.data
  const names = Object.keys(came)
  if (
    id !== dashed(category) ||
    names.sort().join() !==
      variants
        .map((one) => one.id)
        .sort()
        .join()
  )
    return { expected, came: `"${id}" with ${names.join(', ')}` }
  const bare = names.find((name) => came[name]?.['SKILL.md'] === undefined)
  return bare === undefined ? undefined : { expected: 'SKILL.md in each variant', came: `none in "${bare}"` }
}

/** The file of a flow and the files of its prompts say the same. */
function flowFault(
  { agents, flows }: ReleaseIndex,
  flow: string,
  sound: ReadonlyMap<string, Uint8Array>,
): Mismatch | undefined {
  const bytes = sound.get(flows.find((one) => one.flow === flow)?.file ?? '')
  if (bytes === undefined) return undefined
  const bundle = flowBundleSchema.safeParse(jsonOf(bytes))
  if (!bundle.success || bundle.data.flow !== flow)
    return { expected: `flow "${flow}"`, came: 'something else' }
  const own = agents.filter((agent) => agent.flow === flow)
  const types = Object.keys(bundle.data.agents).sort().join(', ')
  const expected = own
    .map(({ type }) => type)
    .sort()
    .join(', ')
  if (types !== expected) return { expected: `the prompts ${expected}`, came: types }
  for (const { type, file } of own) {
    const prompt = sound.get(file)
    if (prompt !== undefined && textOf(prompt) !== bundle.data.agents[type])
      return { expected: `the prompt "${type}" as in ${file}`, came: 'another text' }
  }
  return undefined
}

function textFault(text: string, bytes: Uint8Array): Mismatch | undefined {
  return textOf(bytes) === text ? undefined : { expected: 'the text of the manifest', came: 'another' }
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}
