/** An asynchronous queue; items before an error are read first. */
export class Queue {
  #items = [];
  #wake = () => {};

  push(value) {
    this.#add({ value });
  }

  end() {
    this.#add({ done: true });
  }

  fail(error) {
    this.#add({ error });
  }

  #add(item) {
    this.#items.push(item);
    this.#wake();
  }

  async *[Symbol.asyncIterator]() {
    for (;;) {
      const items = this.#items;
      this.#items = [];
      for (const item of items) {
        if (item.error) {
          throw item.error;
        } else if (item.done) {
          return;
        }
        yield item.value;
      }
      if (this.#items.length === 0) {
        await new Promise((resolve) => (this.#wake = resolve));
      }
    }
  }
}
