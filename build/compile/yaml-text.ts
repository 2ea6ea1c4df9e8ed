/** A value of generated frontmatter: plain where every YAML reader agrees on it, else in double quotes. */
export function yamlText(value: string): string {
  const plain = /^[A-Za-z][A-Za-z0-9 ,.()/_-]*[A-Za-z0-9).]$/.test(value)
  return plain && !/^(true|false|null|yes|no|on|off)$/i.test(value) ? value : JSON.stringify(value)
}
