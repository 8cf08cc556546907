package io.kohakuvault.connect;

import io.kohakuvault.spi.VaultFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes files of a connector's whose turn has ended and which are too old: those that nobody else has delivered into,
 * and of which every partition is known to a newer file. Used by one thread.
 */
final class FileRetention {
    private static final Logger LOG = LoggerFactory.getLogger(FileRetention.class);

    private static final long MOST_BETWEEN_MS = 3_600_000;

    private final FamilyFiles files;
    private final String connector;
    private final long keepMs;
    private long next = Long.MIN_VALUE;

    FileRetention(FamilyFiles files, String connector, long keepMs) {
        this.files = files;
        this.connector = connector;
        this.keepMs = keepMs;
    }

    /** The next look is not to be waited for: a turn has ended. */
    void soon() {
        next = Long.MIN_VALUE;
    }

    /** Deletes what is too old, at most once an hour. */
    void look(Set<String> families, long nowMillis) {
        if (keepMs < 0 || nowMillis < next) {
            return;
        }
        next = nowMillis + Math.min(MOST_BETWEEN_MS, keepMs / 10);
        families.forEach(family -> deleteOld(family, nowMillis - keepMs));
    }

    private void deleteOld(String family, long before) {
        List<FileNames.Found> all = files.existing(family);
        if (all.stream().skip(1).noneMatch(file -> isOlder(file.path(), before))) {
            return; // none needs to be opened
        }
        Set<FamilyFiles.Key> known = new HashSet<>();
        for (int i = 0; i < all.size(); i++) {
            Path file = all.get(i).path();
            FamilyFiles.Ledger here = files.ledger(file, i > 0);
            boolean isOurs = !here.known().isEmpty()
                    && here.known().stream().allMatch(key -> key.source().equals(connector));
            if (i > 0 && isOurs && known.containsAll(here.delivered()) && isOlder(file, before)) {
                delete(file);
            }
            known.addAll(here.known());
        }
    }

    private static boolean isOlder(Path file, long than) {
        try {
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    && Files.getLastModifiedTime(file).toMillis() <= than;
        } catch (IOException e) {
            return false; // somebody else was faster
        }
    }

    private void delete(Path file) {
        try {
            for (Path part : VaultFiles.of(file)) {
                Files.deleteIfExists(part);
            }
            files.forget(file);
            LOG.info("{} was deleted, since {} is over", file, SinkSettings.ROTATE_RETENTION_MS);
        } catch (IOException e) {
            LOG.warn("{} was to be deleted and cannot be: {}", file, e.toString());
        }
    }
}
