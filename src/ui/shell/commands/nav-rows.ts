import {appRows} from './app-commands.js'
import {moveRows} from './move-commands.js'
import {type Row, rowsOf} from './rows.js'
import {screens} from './screens.js'

/** Keys while nothing lies over the screen: what the palette can do by name. */
export const navRows: readonly Row[] = [...screens.flatMap(rowsOf), ...moveRows, ...appRows]
