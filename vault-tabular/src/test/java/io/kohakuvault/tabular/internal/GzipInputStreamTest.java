package io.kohakuvault.tabular.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;
import org.junit.jupiter.api.Test;

class GzipInputStreamTest {
    /** As a pipe: nothing is ever known to be available, and reads are short. */
    private static InputStream pipe(byte[] bytes, Random random) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] target, int offset, int length) {
                return super.read(target, offset, Math.min(length, 1 + random.nextInt(40)));
            }

            @Override
            public synchronized int available() {
                return 0;
            }
        };
    }

    private static byte[] member(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private static byte[] joined(byte[]... parts) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            bytes.write(part);
        }
        return bytes.toByteArray();
    }

    private static String read(byte[] bytes, Random random) throws IOException {
        try (InputStream in = new GzipInputStream(pipe(bytes, random), 1 + random.nextInt(100))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void allMembersOfAPipeAreReadAndEveryCutIsTold() throws IOException {
        long seed = System.nanoTime();
        System.out.println("GzipInputStreamTest seed " + seed);
        Random random = new Random(seed);
        String text = "some rows\n".repeat(50) + random.nextLong();
        byte[] one = member(text);
        byte[] empty = member("");
        byte[] both = joined(one, empty, one);
        assertThat(read(both, random)).isEqualTo(text + text);
        assertThat(read(joined(one, new byte[300]), random)).as("padding").isEqualTo(text);
        for (int length = 1; length < both.length; length++) {
            byte[] cut = Arrays.copyOf(both, length);
            if (length != one.length && length != one.length + empty.length) {
                assertThatThrownBy(() -> read(cut, random))
                        .as("cut at " + length)
                        .isInstanceOf(EOFException.class);
            }
        }
        for (byte[] behind : new byte[][] {"text".getBytes(StandardCharsets.UTF_8), {0, 0, 7}, {0x1F, 0x0B}}) {
            assertThatThrownBy(() -> read(joined(one, behind), random)).isInstanceOf(ZipException.class);
        }
        byte[] wrong = one.clone();
        wrong[wrong.length - 6] ^= 1;
        assertThatThrownBy(() -> read(wrong, random)).isInstanceOf(ZipException.class);
    }

    @Test
    void headersWithAllFields() throws IOException {
        byte[] plain = member("text");
        byte[] head = {0x1F, (byte) 0x8B, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 3, 3, 0, 9, 9, 9, 'n', 0, 'c', 'c', 0, 1, 1
        };
        byte[] full = joined(head, Arrays.copyOfRange(plain, 10, plain.length));
        assertThat(read(joined(full, full), new Random(1))).isEqualTo("texttext");
    }
}
