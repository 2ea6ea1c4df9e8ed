import type { Variant } from '../../schemas/group.ts'
import { didYouMean } from '../../schemas/suggest.ts'
import type { GroupDocument, WrittenVariant } from '../documents.ts'
import { errorAt, type Place, quote, type Report } from '../finding.ts'
import type { YamlPath } from '../yaml-part.ts'

/** A variant of a group, its own or borrowed, that can still say where each of its parts is written. */
export interface OwnedVariant extends Pick<WrittenVariant, 'doubts' | 'whole'> {
  readonly group: GroupDocument
  readonly variant: Variant
  /** Group in whose folder the paths of `docs_urls` begin. */
  readonly source: GroupDocument
  /** Where a part of the variant is written. */
  readonly place: (path: YamlPath) => Place
}

/** The variants of a group: its own, or those of the group that it borrows from. */
export function variantsOf(group: GroupDocument, source: GroupDocument): OwnedVariant[] {
  if (source === group) return group.variants.map((written) => own(group, written))
  const place = borrowingPlace(group)
  return source.variants.map(({ variant, doubts, whole }) => {
    return { group, variant: lent(variant), doubts, whole, source, place: () => place }
  })
}

/** True when a key of a variant or of its group cannot be gone by: what is missing may have been written. */
export function isInDoubt({ group, doubts }: OwnedVariant, key: string): boolean {
  return doubts.has(key) || group.doubts.has(key)
}

/** The group whose variants a group has; undefined after telling why there is none. */
export function variantSource(
  group: GroupDocument,
  groups: ReadonlyMap<string, GroupDocument>,
  context: { readonly unread: ReadonlySet<string>; readonly report: Report },
): GroupDocument | undefined {
  const from = group.config.variants_from
  if (from === undefined) return group
  const place = borrowingPlace(group)
  const source = groups.get(from)
  if (source === undefined) {
    if (!context.unread.has(from.replaceAll('/', '-'))) {
      const message = `Cannot borrow variants from ${quote(from)}: expected the key of a group with variants of its own`
      context.report(
        errorAt(place, { code: 'expand/variants-from', message, fix: didYouMean(from, groups.keys()) }),
      )
    }
    return undefined
  }
  if (source.config.variants_from !== undefined) {
    const message = `Cannot borrow variants from ${quote(from)}, which borrows them itself: expected a group with variants of its own`
    context.report(errorAt(place, { code: 'expand/variants-from', message }))
    return undefined
  }
  return source
}

function borrowingPlace(group: GroupDocument): Place {
  return { path: group.path, ...group.yaml.valueAt(['variants_from']) }
}

function own(group: GroupDocument, { at, variant, doubts, whole }: WrittenVariant): OwnedVariant {
  const place = (path: YamlPath) => ({ path: group.path, ...group.yaml.valueAt(['variants', at, ...path]) })
  return { group, variant, doubts, whole, source: group, place }
}

/** What another group may borrow of a variant. */
function lent({ id, display_name, tags, docs_urls, framework, default: isDefault }: Variant): Variant {
  return {
    id,
    ...(display_name === undefined ? {} : { display_name }),
    ...(tags === undefined ? {} : { tags }),
    ...(docs_urls === undefined ? {} : { docs_urls }),
    ...(framework === undefined ? {} : { framework }),
    ...(isDefault === undefined ? {} : { default: isDefault }),
  }
}
