package io.kohakuvault.cli;

import io.kohakuvault.tabular.internal.InputFile;
import io.kohakuvault.tabular.internal.VectorText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Texts that are not on the command line but in a file or on standard input: in UTF-8, whatever the locale is. */
final class GivenText {
    /** What some programs put before UTF-8. */
    private static final String MARK = "\ufeff";

    private GivenText() {}

    static String ofFile(Path file) throws IOException {
        try (InputStream in = InputFile.open(file)) {
            return decoded(file.toString(), in);
        }
    }

    static String ofStandardInput() throws IOException {
        try (InputStream in = InputFile.standard()) {
            return decoded("standard input", in);
        }
    }

    private static String decoded(String name, InputStream in) throws IOException {
        byte[] bytes = in.readAllBytes();
        Interruption.check();
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.startsWith(MARK) ? text.substring(MARK.length()) : text;
        } catch (CharacterCodingException e) {
            throw new IOException(name + ": is no text in UTF-8; convert it first, with iconv -t utf-8", e);
        }
    }

    /** A vector that an option says: as JSON, in a file behind @, or on standard input. */
    static float[] vector(FileCommand command, String said) throws IOException {
        if (said.equals("@")) {
            throw command.wrong("--vector '@': the path of a file stands behind it");
        }
        boolean here = !said.equals("-") && !said.startsWith("@");
        String json = here ? said : said.equals("-") ? ofStandardInput() : ofFile(Path.of(said.substring(1)));
        try {
            return VectorText.parse(json);
        } catch (IllegalArgumentException e) {
            if (here) {
                throw command.wrong("--vector '" + said + "': " + e.getMessage());
            }
            throw new IllegalArgumentException(
                    (said.equals("-") ? "standard input" : said.substring(1)) + ": is no vector: " + e.getMessage(), e);
        }
    }
}
