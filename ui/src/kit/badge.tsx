// A state, as word, picture and colour; never by colour alone.
import type { ReactNode } from 'react';

export type Tone = 'quiet' | 'good' | 'waiting' | 'held' | 'alarm';

const shapes: Record<Tone, ReactNode> = {
  quiet: <circle cx="8" cy="8" r="3.5" fill="none" stroke="currentColor" strokeWidth="2" />,
  good: <path d="M3 8.5l3.2 3.2L13 5" fill="none" stroke="currentColor" strokeWidth="2.2" />,
  waiting: <path d="M4 2.5h8M4 13.5h8M5 3c0 5 6 5 6 10M11 3c0 5-6 5-6 10" fill="none" stroke="currentColor" strokeWidth="1.6" />,
  held: <path d="M4 7.5h8v6H4zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5" fill="none" stroke="currentColor" strokeWidth="1.8" />,
  alarm: <path d="M8 2l6.5 11.5h-13zM8 6.5v3.2M8 11.2v1.3" fill="none" stroke="currentColor" strokeWidth="1.7" />,
};

export const Icon = ({ tone }: { tone: Tone }) => <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">{shapes[tone]}</svg>;

export function Badge({ tone, children }: { tone: Tone; children: ReactNode }) {
  return <span className="badge" data-tone={tone}><Icon tone={tone} />{children}</span>;
}

export const Count = ({ children }: { children: ReactNode }) => <span className="count">{children}</span>;
