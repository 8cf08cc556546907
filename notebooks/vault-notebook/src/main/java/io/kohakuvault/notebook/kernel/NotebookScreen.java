package io.kohakuvault.notebook.kernel;

import io.kohakuvault.notebook.internal.Rendered;
import io.kohakuvault.notebook.internal.Screen;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Outputs of a notebook that change.
 *
 * @param <D> what the kernel shows
 */
final class NotebookScreen<D> implements Screen {
    private final Function<Rendered, D> data;
    private final BiConsumer<String, D> show;
    private final BiConsumer<String, D> update;

    /**
     * Of a kernel.
     *
     * @param data makes what it shows
     * @param show shows something under an identifier
     * @param update shows something in the place of what has that identifier
     */
    NotebookScreen(Function<Rendered, D> data, BiConsumer<String, D> show, BiConsumer<String, D> update) {
        this.data = data;
        this.show = show;
        this.update = update;
    }

    @Override
    public String show(Rendered first) {
        String id = UUID.randomUUID().toString();
        show.accept(id, data.apply(first));
        return id;
    }

    @Override
    public void update(String id, Rendered next) {
        update.accept(id, data.apply(next));
    }
}
