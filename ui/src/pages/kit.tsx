// Every part of the kit in every state, for those who build pages. Its own words are for them, in English.
import { useState } from 'react';
import { Problem } from '../api/client';
import { Badge, Count, type Tone } from '../kit/badge';
import { Button } from '../kit/button';
import { Dialog } from '../kit/dialog';
import { Choice, Field, Tick } from '../kit/field';
import { Empty, Failed, Loading } from '../kit/states';
import { Away, When } from '../kit/when';
import { Page } from './page';

const tones: readonly Tone[] = ['quiet', 'good', 'waiting', 'held', 'alarm'];
const problem = (status: number) => new Problem(status, 'code', 'Title', 'What the server says of it.', 'q_42g4yh6hqbjgj2wqzf4gbvskzd', [{ pointer: '/until', message: 'The embargo must end after now.' }]);

export function KitPage() {
  const [text, setText] = useState('');
  const [choice, setChoice] = useState<'a' | 'b'>('a');
  const [tick, setTick] = useState(false);
  const [open, setOpen] = useState(false);
  return (
    <div translate="no" lang="en">
      <Page title="Kit">
        <section className="card"><h2>Button</h2>
          <div className="acts"><Button kind="main">Main</Button><Button>Second</Button><Button kind="plain">Plain</Button><Button kind="main" isPending>Pending</Button><Button disabledReason="This embargo has ended.">With a reason why not</Button><a className="button" data-kind="second" href="#x">Link</a></div></section>
        <section className="card"><h2>Badge, count</h2><div className="acts">{tones.map((tone) => <Badge key={tone} tone={tone}>{tone}</Badge>)}<Count>3 new</Count></div></section>
        <section className="card"><h2>Fields</h2><div className="stack"><Field label="Line" value={text} onChange={setText} help="What help says." /><Field label="Required" isRequired value="" onChange={() => undefined} wrong="Say who receives it." /><Field label="Text" lines={3} value={text} onChange={setText} /><Choice label="Choice" value={choice} onChange={setChoice} options={[['a', 'One'], ['b', 'Another']]} /><Tick label="Tick" value={tick} onChange={setTick} /></div></section>
        <section className="card"><h2>Time</h2><p><When at="2021-12-10T10:00:00Z" /> · <When at="2021-12-10T10:00:00Z" both /> · <Away at="2021-12-10T10:00:00Z" /></p></section>
        <section className="card"><h2>Loading, empty, failed</h2><Loading rows={4} /><Empty title="Nothing is due.">What to do about it.</Empty>{[0, 403, 404, 409, 503].map((status) => <Failed key={status} problem={problem(status)} again={() => undefined} />)}</section>
        <section className="card"><h2>Dialog</h2><Button onPress={() => setOpen(true)}>Open</Button><Dialog title="A dialog" isOpen={open} close={() => setOpen(false)}><p>Escape closes it.</p></Dialog></section>
      </Page>
    </div>
  );
}
