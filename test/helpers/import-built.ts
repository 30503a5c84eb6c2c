/**
 * A module of the built program, whose threads are files of their own.
 * @param path under dist/
 */
export async function importBuilt<Module>(path: string): Promise<Module> {
  return (await import(new URL(`../../dist/${path}`, import.meta.url).href)) as Module
}
