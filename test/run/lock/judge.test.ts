import { expect, test } from 'vitest'
import { newAnnouncement } from '../../../src/run/lock/announcement.ts'
import { judge, type Verdict } from '../../../src/run/lock/field.ts'
import type { Sign } from '../../../src/run/lock/life-socket.ts'

const BOOT = Date.UTC(2025, 0, 1)
const BEFORE = new Date(BOOT - 60_000)
const AFTER = new Date(BOOT + 60_000)
const ours = newAnnouncement('socket', 7n)

/** A process that certainly has ended: its number is now that of this one, which began at another time. */
const ended = { ...ours, start: '1' }
const otherNamespace = { ...ours, space: 'zzz' }
const otherKernel = { ...ours, kernel: '00000000' }
const otherMount = { ...otherNamespace, device: 'zzz' }

const local = { isLocal: true, device: ours.device, kernelBegan: BOOT }
const network = { ...local, isLocal: false }

test
  .skipIf(process.platform !== 'linux')
  .each<[string, Verdict, Parameters<typeof judge>[0], Exclude<Sign, 'gone'>, Parameters<typeof judge>[2]]>([
    ['answers', 'lives', { ...otherKernel, madeAt: BEFORE }, 'lives', network],
    ['silent', 'dead', { ...ours, madeAt: AFTER }, 'silent', local],
    ['silent, in another container', 'dead', { ...otherNamespace, madeAt: AFTER }, 'silent', local],
    [
      'silent, on a share, by the same mount',
      'dead',
      { ...otherNamespace, madeAt: AFTER },
      'silent',
      network,
    ],
    ['silent, on a share, by another mount', 'unclear', { ...otherMount, madeAt: AFTER }, 'silent', network],
    [
      'silent, by another mount, seen to live',
      'lives',
      { ...ours, device: 'z', madeAt: AFTER },
      'silent',
      network,
    ],
    [
      'silent, by another mount, seen to be gone',
      'dead',
      { ...ended, device: 'z', madeAt: AFTER },
      'silent',
      network,
    ],
    ['silent, from before a restart', 'dead', { ...otherKernel, madeAt: BEFORE }, 'silent', local],
    [
      'silent, of another kernel that runs now',
      'unclear',
      { ...otherKernel, madeAt: AFTER },
      'silent',
      local,
    ],
    ['silent, of another machine', 'unclear', { ...otherKernel, madeAt: BEFORE }, 'silent', network],
    ['may not be asked, seen to live', 'lives', { ...ours, madeAt: AFTER }, 'hidden', local],
    ['may not be asked, seen to be gone', 'dead', { ...ended, madeAt: AFTER }, 'hidden', local],
    [
      'may not be asked, in another container',
      'unclear',
      { ...otherNamespace, madeAt: AFTER },
      'hidden',
      local,
    ],
    ['may not be asked, from before a restart', 'dead', { ...otherKernel, madeAt: BEFORE }, 'hidden', local],
  ])('an announcement that is %s: %s', (_, verdict, one, sign, surroundings) => {
  expect(judge(one, sign, surroundings)).toBe(verdict)
})
