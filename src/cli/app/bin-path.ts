import {fileURLToPath} from 'node:url'

/** The file that runs repbench, for the embedded nodes that we start. */
export const binPath = fileURLToPath(new URL('../../../bin/repbench.js', import.meta.url))
