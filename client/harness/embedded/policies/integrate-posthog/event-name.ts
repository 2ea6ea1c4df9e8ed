const VERBS: Readonly<Record<string, string>> = {
  POST: 'added',
  PUT: 'changed',
  PATCH: 'changed',
  DELETE: 'removed',
}

/** `task_added` for POST /api/tasks; undefined for what is no action or names nothing. */
export function eventName(method: string, url: string): string | undefined {
  const verb = VERBS[method]
  const nouns = url
    .replace(/\?.*$/, '')
    .split('/')
    .filter((part) => /^[a-z][a-z0-9_-]*$/i.test(part) && part !== 'api')
  const noun = nouns.at(-1)?.toLowerCase().replaceAll('-', '_')
  if (verb === undefined || noun === undefined) return undefined
  if (!/[^s]s$/.test(noun)) return method === 'POST' ? `${noun}_sent` : `${noun}_${verb}`
  return `${noun.replace(/ies$/, 'y').replace(/s$/, '')}_${verb}`
}

/** True for names of values that say who somebody is or let them in. */
export function isPersonal(name: string): boolean {
  return /pass|mail|token|secret|phone|address|name/i.test(name)
}
