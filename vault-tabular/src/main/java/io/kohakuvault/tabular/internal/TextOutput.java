package io.kohakuvault.tabular.internal;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/** Files of text in UTF-8, compressed where the name says so. */
public final class TextOutput {
    private TextOutput() {}

    /**
     * Writes a file.
     *
     * @param path where
     * @param named the name that tells whether it is compressed: .gz or .zst
     * @return to be closed
     * @throws IOException when it cannot be made
     */
    public static Writer of(Path path, Path named) throws IOException {
        String name = String.valueOf(named.getFileName()).toLowerCase(Locale.ROOT);
        OutputStream bytes = Files.newOutputStream(path);
        try {
            if (name.endsWith(".gz") || name.endsWith(".gzip")) {
                bytes = new GZIPOutputStream(bytes, 1 << 16);
            } else if (name.endsWith(".zst") || name.endsWith(".zstd")) {
                bytes = new ZstdOutputStream(bytes);
            }
        } catch (IOException | RuntimeException | Error e) {
            bytes.close();
            throw e;
        }
        return new BufferedWriter(new OutputStreamWriter(bytes, StandardCharsets.UTF_8), 1 << 16);
    }
}
