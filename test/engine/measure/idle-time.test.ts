import {expect, test} from 'vitest'
import {IdleTime} from '../../../src/engine/measure/elapsed-time.js'

function idleTime(): {idle: IdleTime; at: (ms: number, done?: number) => void} {
  let work = 0
  let nowMs = 0
  const idle = new IdleTime({work: () => work, clock: () => nowMs})
  return {
    idle,
    at: (ms, done = 0) => {
      nowMs = ms
      work += done
    },
  }
}

test('a turn without work since the one before was idle', () => {
  const {idle, at} = idleTime()
  idle.start(100)
  at(110)
  idle.turn(110)
  expect(idle.soFarMs()).toBe(10)
  at(115, 1)
  idle.turn(115)
  expect(idle.soFarMs()).toBe(10)
  at(130)
  idle.turn(130)
  expect(idle.soFarMs()).toBe(25)
})

test('what came since the last turn is idle as long as nothing was done', () => {
  const {idle, at} = idleTime()
  idle.start(100)
  at(107)
  expect(idle.soFarMs()).toBe(7)
  at(108, 1)
  expect(idle.soFarMs()).toBe(0)
})

test('before its start a load is not idle', () => {
  const {idle, at} = idleTime()
  expect(idle.soFarMs()).toBe(0)
  idle.start(100)
  at(50)
  idle.turn(50)
  expect(idle.soFarMs()).toBe(0)
  at(110)
  idle.turn(110)
  expect(idle.soFarMs()).toBe(10)
})

test('what comes after the end is no part of the load', () => {
  const {idle, at} = idleTime()
  idle.start(100, 120)
  at(130)
  expect(idle.soFarMs()).toBe(20)
  idle.turn(130)
  at(140)
  idle.turn(140)
  expect(idle.soFarMs()).toBe(20)
})

test('a load that is stopped ends there, and no later than planned', () => {
  const {idle, at} = idleTime()
  idle.start(100, 200)
  idle.stop(150)
  idle.stop(180)
  at(300)
  idle.turn(300)
  expect(idle.soFarMs()).toBe(50)
})

test('a new start counts from 0, and what was done before it is not its work', () => {
  const {idle, at} = idleTime()
  idle.start(0)
  at(50)
  idle.turn(50)
  at(100, 5)
  idle.start(100)
  expect(idle.soFarMs()).toBe(0)
  at(110)
  idle.turn(110)
  expect(idle.soFarMs()).toBe(10)
})
