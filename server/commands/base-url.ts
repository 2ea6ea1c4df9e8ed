import { InvalidArgumentError } from 'commander'

/**
 * An address that files will answer at, with `/` at its end.
 *
 * @throws {InvalidArgumentError}
 */
export function parseBaseUrl(text: string): string {
  const url = URL.parse(text)
  const plain = url !== null && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === ''
  if (!plain || url.username !== '' || url.password !== '') {
    throw new InvalidArgumentError(
      `Cannot point menus at "${text}": expected an http or https address without query or password`,
    )
  }
  return url.href.endsWith('/') ? url.href : `${url.href}/`
}
