package io.kohakuvault.notebook.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.Vault;
import io.kohakuvault.notebook.Show;
import io.kohakuvault.notebook.internal.Rendered;
import io.kohakuvault.vector.VectorOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Both kernels show the same of the same, by their own renderers. */
class KernelRenderersTest {
    @TempDir
    Path folder;

    /** What a kernel sends to the notebook. */
    private record Sent(@Nullable Object html, @Nullable Object text) {}

    /** A kernel's renderer. */
    private record Kernel(String name, Function<Object, Sent> renderer) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Kernel> kernels() {
        var ijava = new io.github.spencerpark.jupyter.kernel.display.Renderer();
        IJavaDisplay.register(ijava);
        var jjava = new org.dflib.jjava.jupyter.kernel.display.Renderer();
        JJavaDisplay.register(jjava);
        return Stream.of(
                new Kernel("IJava", value -> {
                    var data = ijava.render(value);
                    return new Sent(
                            data.getData(io.github.spencerpark.jupyter.kernel.display.mime.MIMEType.TEXT_HTML),
                            data.getData(io.github.spencerpark.jupyter.kernel.display.mime.MIMEType.TEXT_PLAIN));
                }),
                new Kernel("JJava", value -> {
                    var data = jjava.render(value);
                    return new Sent(
                            data.getData(org.dflib.jjava.jupyter.kernel.display.mime.MIMEType.TEXT_HTML),
                            data.getData(org.dflib.jjava.jupyter.kernel.display.mime.MIMEType.TEXT_PLAIN));
                }));
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void theyShowAVaultAsShowDoes(Kernel kernel) {
        try (Vault vault = Vault.open(folder.resolve("kernel.db"))) {
            vault.kv("settings").putValue("<b>", "<script>");
            vault.text("notes").insert("words", null);
            vault.vectors("near", VectorOptions.l2(2)).insert(new float[] {1, 2}, "value");
            Sent overview = kernel.renderer.apply(vault);
            assertThat(String.valueOf(overview.text))
                    .containsPattern("key-values +settings +1 +64 KiB")
                    .containsPattern("documents +notes +1 +\\d+ KiB")
                    .containsPattern("vectors +near +1 +\\d+ KiB");
            assertThat(String.valueOf(overview.html)).contains(">settings<").contains("64 KiB");
            assertThat(String.valueOf(kernel.renderer.apply(vault.kv("settings")).html))
                    .contains("&lt;b&gt;")
                    .doesNotContain("<script>");
            List<?> hits = vault.vectors("near").search(new float[] {1, 2}, 1);
            assertThat(kernel.renderer.apply(hits).html).isEqualTo(Show.of(hits).html());
        }
        Vault closed = Vault.open(folder.resolve("kernel.db"));
        closed.close();
        assertThat(String.valueOf(kernel.renderer.apply(closed).text)).contains("this vault is closed");
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void otherListsStayWhatTheKernelShows(Kernel kernel) {
        Sent sent = kernel.renderer.apply(List.of(1, 2));
        assertThat(sent.text).isEqualTo("[1, 2]");
        assertThat(sent.html).isNull();
    }

    @Test
    void whatChangesIsOneOutput() {
        List<String> calls = new ArrayList<>();
        NotebookScreen<String> screen = new NotebookScreen<>(
                Rendered::text,
                (id, data) -> calls.add("show " + id + data),
                (id, data) -> calls.add("update " + id + data));
        String id = screen.show(new Rendered("", "one"));
        screen.update(id, new Rendered("", "two"));
        assertThat(calls).containsExactly("show " + id + "one", "update " + id + "two");
        assertThat(screen.show(new Rendered("", "one"))).isNotEqualTo(id);
    }
}
