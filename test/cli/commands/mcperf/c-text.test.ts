import {expect, test} from 'vitest'
import {formatFixed, formatGeneral, readCInteger, readCReal} from '../../../../src/cli/commands/mcperf/c-text.js'

test.each([
  ['7', 7],
  [' +7', 7],
  ['4294967297', 1],
  ['-4294967290', 6],
  ['2147483648', null],
  ['-1', null],
  ['18446744073709551616', null],
  ['', null],
  ['7 ', null],
  ['0x10', null],
])('reads %j as strtoul and a cast to int do', (text, value) => {
  expect(readCInteger(text)).toBe(value)
})

test.each([
  ['0.5', 0.5],
  ['.5', 0.5],
  ['5.', 5],
  ['1e-3', 0.001],
  ['1e999', null],
  ['x', null],
  ['', null],
  ['1,5', null],
])('reads %j as a real number', (text, value) => {
  expect(readCReal(text)).toBe(value)
})

/** What printf prints. */
test.each([
  [28.25, 1, '28.2'],
  [28.75, 1, '28.8'],
  [0.125, 2, '0.12'],
  [0.375, 2, '0.38'],
  [2.5, 0, '2'],
  [0.05, 1, '0.1'],
  [0, 3, '0.000'],
  [1 / 3, 3, '0.333'],
])('prints %d with %d digits as printf', (value, digits, text) => {
  expect(formatFixed(value, digits)).toBe(text)
})

test.each([
  [5, '5'],
  [0.1, '0.1'],
  [1234567, '1.23457e+06'],
  [100000, '100000'],
  [0.00001, '1e-05'],
  [0.0001, '0.0001'],
])('prints %d as %%g', (value, text) => {
  expect(formatGeneral(value)).toBe(text)
})
