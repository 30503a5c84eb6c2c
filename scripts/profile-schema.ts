import {writeFile} from 'node:fs/promises'
import {fileURLToPath} from 'node:url'

/** Writes schema/profile.schema.json from what profile files are read with. Run by: npm run schema */
const built = new URL('../dist/cli/profiles/profile-schema.js', import.meta.url)
const {profileJsonSchema} = (await import(built.href)) as {profileJsonSchema(): object}
const path = fileURLToPath(new URL('../schema/profile.schema.json', import.meta.url))
await writeFile(path, `${JSON.stringify(profileJsonSchema(), null, 2)}\n`)
