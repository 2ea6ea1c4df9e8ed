const working = new Map<string, Promise<void>>()

/** Runs `change` when every earlier change of the same file has ended, so that two agents never undo each other's. */
export async function oneAtATime<T>(path: string, change: () => Promise<T>): Promise<T> {
  const before = working.get(path) ?? Promise.resolve()
  const result = before.then(change)
  const ended = result.then(
    () => undefined,
    () => undefined,
  )
  working.set(path, ended)
  try {
    return await result
  } finally {
    if (working.get(path) === ended) working.delete(path)
  }
}
