import { mediaTypeOf } from '../../../build/media-type.ts'
import type { Artifact, Release } from '../../../build/release.ts'
import { digestOf } from '../../../schemas/digest.ts'
import { type ReleaseIndex, releaseIdOf } from '../../../schemas/release.ts'

/** A release whose agent prompts say these words, in this order: equal words are equal artifacts. */
export function releaseOf(...words: readonly string[]): Release {
  const artifacts = words.map((word, at) => artifactOf(`agents-demo-t${at}.md`, `${word}\n`.repeat(40)))
  const index: ReleaseIndex = {
    version: 1,
    agents: artifacts.map(({ name, digest, bytes }, at) => {
      return { flow: 'demo', type: `t${at}`, file: name, digest, size: bytes.length }
    }),
    ...{ flows: [], skills: [], bundles: [], cliEntries: [] },
  }
  return { id: releaseIdOf(index), index, artifacts: new Map(artifacts.map((one) => [one.name, one])) }
}

function artifactOf(name: string, text: string): Artifact {
  const bytes = Buffer.from(text)
  return { name, bytes, digest: digestOf(bytes), mediaType: mediaTypeOf(name) }
}
