// Chance that can be repeated: a failing run prints its seed, and SLUICE_SEED=<seed> makes the same choices again.
export const seed = Number(process.env.SLUICE_SEED ?? Math.floor(Math.random() * 2 ** 31));

export class Chance {
  constructor(from) { this.state = from >>> 0; }
  // mulberry32: 32 bits of state are plenty to choose moments and places.
  next() {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }
  below(n) { return Math.floor(this.next() * n); }
  between(from, to) { return from + this.below(to - from + 1); }
  one_of(list) { return list[this.below(list.length)]; }
}
