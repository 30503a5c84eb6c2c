/** How settings are written in a profile file, as JSON schemas for editors. */

const NUMBER = '\\d+(\\.\\d+)?'

/** A text of a pattern, in which NUMBER stands for a number. */
export const text = (pattern: string) => ({type: 'string', pattern: pattern.replaceAll('NUMBER', NUMBER)})

export const weight = {type: 'integer', minimum: 1, maximum: 1_000_000}
export const count = {anyOf: [{type: 'integer', minimum: 0}, text('^NUMBER[km]?$')]}
export const rate = {anyOf: [{type: 'number', minimum: 0}, text('^NUMBER[km]?$')]}
export const duration = text('^NUMBER(ms|s|m|h)$')
export const flag = {type: 'boolean'}
