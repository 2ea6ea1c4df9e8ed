import type { CliBlock, UriSchema } from '../schemas/group.ts'
import type { AgentDocument, SkillDocument, Unread } from './documents.ts'
import type { Place } from './finding.ts'
import type { Offer } from './marketplace.ts'

/** An agent prompt whose body is complete. */
export interface Prompt extends AgentDocument {
  readonly body: string
}

/** A reference file with its includes in place. */
export interface Reference {
  readonly name: string
  readonly title: string
  /** True when the title stands in the file's frontmatter. */
  readonly hasTitle: boolean
  readonly description: string | undefined
  /** Undefined when the file is no step of a workflow; null when it is the last. */
  readonly nextStep: string | null | undefined
  /** The file as its author left it, for a reference that needs no change. */
  readonly text: string
  readonly body: string
}

/** A document that a skill carries along. */
export interface CarriedDocument {
  readonly name: string
  /** Path or URL of what it shows, as seen from the content root. */
  readonly origin: string
  readonly title: string
  readonly text: string
}

/** A document that is served by itself. */
export interface ServedDoc {
  readonly id: string
  readonly displayName: string
  readonly description: string
  readonly tags: readonly string[]
  /** True when it is also a file of the release. */
  readonly isAsset: boolean
  readonly text: string
  /** Where it is written. */
  readonly place: Place
}

/** Where the parts of a skill are written. */
export interface SkillOrigins {
  /** Path of the template; undefined for a `docs-only` group. */
  readonly template: string | undefined
  readonly display_name: Place
  readonly description: Place
  readonly preamble: Place
}

/** One group times one variant: everything its files are made from. */
export interface GroupSkill {
  readonly id: string
  /** Group key with its slashes. */
  readonly group: string
  readonly variant: string
  readonly displayName: string
  readonly description: string
  readonly tags: readonly string[]
  readonly framework: string | undefined
  readonly isDefault: boolean
  readonly bundled: boolean
  readonly cli: CliBlock | undefined
  /** Undefined for a `docs-only` group. */
  readonly template: string | undefined
  readonly references: readonly Reference[]
  readonly preamble: string | undefined
  readonly documents: readonly CarriedDocument[]
  /** Example apps, under the names that only they may have. */
  readonly examples: readonly CarriedDocument[]
  /** Path inside the skill → text. */
  readonly scripts: ReadonlyMap<string, string>
  readonly origins: SkillOrigins
  /** Where the variant is written. */
  readonly place: Place
  /** Where its `cli` block is written. */
  readonly cliPlace: Place
}

/** A tree in which every include, inheritance and default is resolved. */
export interface ExpandedTree {
  readonly prompts: readonly Prompt[]
  readonly skills: readonly SkillDocument[]
  readonly groupSkills: readonly GroupSkill[]
  readonly docs: readonly ServedDoc[]
  readonly unread: Unread
  readonly commandments: ReadonlyMap<string, readonly string[]>
  readonly uris: UriSchema
  readonly offers: readonly Offer[]
  /** Text of `shared/<name>.md` with its includes in place; undefined when there is none. */
  readonly shared: (name: string) => string | undefined
}
