import { get } from 'node:http'

/** How long each small request took that was made while some work was done, one after the other on one connection. */
export async function requestsWhile(url: string, work: () => Promise<void>): Promise<readonly number[]> {
  const times: number[] = []
  let isDone = false
  const working = work().finally(() => {
    isDone = true
  })
  while (!isDone) {
    times.push(await request(`${url}/healthz`))
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  await working
  return times
}

function request(url: string): Promise<number> {
  const started = performance.now()
  return new Promise((resolve, reject) => {
    get(url, (reply) => reply.resume().once('end', () => resolve(performance.now() - started))).once(
      'error',
      reject,
    )
  })
}
