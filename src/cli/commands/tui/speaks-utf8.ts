/**
 * Whether the terminal takes UTF-8, as the locale says. Where nothing is said of it, as in a container, it does: those
 * that do not are rare by now.
 */
export function speaksUtf8(env: NodeJS.ProcessEnv): boolean {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || ''
  return locale === '' || /utf-?8/i.test(locale)
}
