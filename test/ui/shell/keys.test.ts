import {describe, expect, it} from 'vitest'
import {modes} from '../../../src/ui/core/binding.js'
import {screens} from '../../../src/ui/shell/commands/screens.js'
import {rowFor, rows, rowsFor} from '../../../src/ui/shell/keys/keys.js'
import {keysMarkdown} from '../../../src/ui/shell/keys/keys-document.js'
import {overlays} from '../../../src/ui/shell/keys/overlays.js'

const places = modes.flatMap(mode => screens.map(({id}) => ({mode, screen: id})))

describe('key table', () => {
  it.each(places)('gives each key one meaning: $mode on $screen', place => {
    const chords = rowsFor(place).flatMap(({keys}) => keys)
    expect(chords).toEqual([...new Set(chords)])
  })

  it('gives each command one row, and each row a command', () => {
    const ids = rows.map(({id}) => id)
    expect(ids).toEqual([...new Set(ids)])
    for (const part of [...screens, ...overlays]) {
      expect(part.bindings.map(({id}) => id).toSorted()).toEqual(Object.keys(part.commands).toSorted())
    }
    for (const {run} of rows) expect(run).toBeTypeOf('function')
  })

  it('marks with dots exactly what asks before it destroys', () => {
    const dotted = rows.filter(({label}) => typeof label === 'string' && label.endsWith('…')).map(({id}) => id)
    expect(dotted).toEqual(['node.kill', 'node.terminate', 'drill.abort', 'report.delete'])
  })

  it('types letters in the console that are commands elsewhere', () => {
    expect(rowFor('q', {mode: 'nav', screen: 'console'})?.id).toBe('app.quit')
    expect(rowFor('q', {mode: 'insert', screen: 'console'})).toBeUndefined()
  })

  it('is what docs/keys.md says (vitest -u writes it anew)', async () => {
    await expect(keysMarkdown()).toMatchFileSnapshot('../../../docs/keys.md')
  })
})
