/** A place in bytes of protobuf's wire format, which moves on as it is read. */
export class ByteCursor {
  bytes: Uint8Array = new Uint8Array(0);
  at = 0;
  end = 0;

  /** Goes to a message or a field's content. */
  enter(bytes: Uint8Array, at: number, end: number): void {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  get isAtEnd(): boolean {
    return this.at >= this.end;
  }

  /** A varint of up to 32 bits. */
  varint(): number {
    const { bytes } = this;
    let byte = bytes[this.at++] ?? 0;
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    for (let shift = 7; shift < 64; shift += 7) {
      byte = bytes[this.at++] ?? 0;
      if (shift < 32) value |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    return value >>> 0;
  }

  /** Passes over the content of a field with this tag. */
  skip(tag: number): void {
    const type = tag & 7;
    if (type === 0) {
      this.varint();
    } else if (type === 2) {
      const length = this.varint();
      this.at += length;
    } else if (type === 1) {
      this.at += 8;
    } else if (type === 5) {
      this.at += 4;
    } else throw new Error(`cannot read frame: wire type ${type} is unknown`);
  }
}
