import { type BarRule, defineBenchmark, type Figures } from "../run/benchmark.ts";
import { type TimingOptions, timeByTurns } from "../run/timing.ts";
import { type CodecCase, type CodecForm, createCodecCase } from "./codec/codec-case.ts";
import { createCodecEntities } from "./codec/codec-entities.ts";
import { keyframe, moves, records } from "./codec/forms.ts";

const ENCODE_MIN = 12;
const DECODE_MIN = 6;

/** Prefix of its figures → what the frame holds. */
const FORMS: Readonly<Record<string, CodecForm>> = { moves, records, keyframe };

/** The hot codec against protobuf-es, on the same messages. */
export const codec = defineBenchmark({
  name: "codec",
  work: "cell delta of 100 entities, against protobuf-es",
  meanings: Object.fromEntries(Object.keys(FORMS).flatMap(describeForm)),
  runs: 5,
  inProcess: true,
  coresMin: 1,
  params: { entities: 100, sampleMs: 20 },
  bars: () => rulesOf("records"),
  async measure({ params, say }): Promise<Figures> {
    const entities = createCodecEntities(params.entities);
    const { sampleMs } = params;
    const figures: Figures = {};
    for (const [name, form] of Object.entries(FORMS)) {
      say(name);
      const timed = time(createCodecCase(form, entities), { sampleMs, warmUpMs: sampleMs * 10 });
      for (const [figure, value] of Object.entries(timed)) figures[`${name}${figure}`] = value;
    }
    return figures;
  },
});

/** Ours and theirs by turns, so that whatever slows the machine down slows both. */
function time(one: CodecCase, options: TimingOptions): Figures {
  const { encode, encodeReference, decode, decodeReference } = one;
  const ns = timeByTurns([encode, encodeReference, decode, decodeReference], options);
  const [encodeNs = 0, encodeReferenceNs = 0, decodeNs = 0, decodeReferenceNs = 0] = ns;
  return {
    Bytes: one.bytes.length,
    EncodeMicros: encodeNs / 1_000,
    EncodeReferenceMicros: encodeReferenceNs / 1_000,
    EncodeRatio: encodeReferenceNs / encodeNs,
    DecodeMicros: decodeNs / 1_000,
    DecodeReferenceMicros: decodeReferenceNs / 1_000,
    DecodeRatio: decodeReferenceNs / decodeNs,
  };
}

function rulesOf(name: string): BarRule[] {
  return [
    { metric: `${name}EncodeRatio`, op: ">=", bound: ENCODE_MIN },
    { metric: `${name}DecodeRatio`, op: ">=", bound: DECODE_MIN },
  ];
}

function describeForm(name: string): [string, string][] {
  return [
    [`${name}Bytes`, `${name}: bytes of the frame`],
    [`${name}EncodeMicros`, `${name}: µs to write`],
    [`${name}EncodeReferenceMicros`, `${name}: µs to write with protobuf-es`],
    [`${name}EncodeRatio`, `${name}: how many times faster it is written`],
    [`${name}DecodeMicros`, `${name}: µs to read`],
    [`${name}DecodeReferenceMicros`, `${name}: µs to read with protobuf-es`],
    [`${name}DecodeRatio`, `${name}: how many times faster it is read`],
  ];
}
