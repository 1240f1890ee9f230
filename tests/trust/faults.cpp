// Makes one of the writes of a process fail, or cuts its power there. To be preloaded; `faults_arm`
// says which: opens for writing, writes, fsyncs, renames and removals of files under a folder are
// counted. What an fsync has brought to the disk is kept in a folder beside: data as `data_<inode>`,
// the names in a folder as `names_<inode>`; `tests/trust/power.py` makes of it what is there after
// the cut.
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

namespace
{
std::string root, kept; // nothing is counted while `root` is empty
long count = 0, at = 0;
int error = 0; // what the call fails with; 0: the power is cut
bool tracked[4096];

template <typename F> F* real(const char* name)
{
    return (F*)dlsym(RTLD_NEXT, name);
}

bool ours(const char* path)
{
    return !root.empty() && path && !std::strncmp(path, root.c_str(), root.size())
           && (path[root.size()] == '/' || !path[root.size()]);
}

bool ours(int file) { return file >= 0 && file < 4096 && tracked[file]; }

// Whether the call that is made now fails.
bool fails()
{
    if (++count != at)
        return false;
    if (!error)
        _exit(99);
    errno = error;
    return true;
}

int tracked_open(int file, bool is_ours)
{
    if (file >= 0 && file < 4096)
        tracked[file] = is_ours;
    return file;
}

void copy(int from, const std::string& path)
{
    static auto write_ = real<ssize_t(int, const void*, size_t)>("write");
    static auto open_ = real<int(const char*, int, ...)>("open");
    const int to = open_(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    char block[1 << 16];
    off_t place = 0;
    for (ssize_t n; (n = pread(from, block, sizeof block, place)) > 0; place += n)
        write_(to, block, n);
    close(to);
}

// An fsync has succeeded.
void keep(int file)
{
    struct stat about;
    fstat(file, &about);
    const std::string number = std::to_string(about.st_ino);
    if (!S_ISDIR(about.st_mode))
    {
        // A file that is open for writing only is read by its name in /proc.
        static auto open_ = real<int(const char*, int, ...)>("open");
        const int again = open_(("/proc/self/fd/" + std::to_string(file)).c_str(), O_RDONLY);
        copy(again, kept + "/data_" + number);
        close(again);
        return;
    }
    std::FILE* const names = std::fopen((kept + "/names_" + number).c_str(), "w");
    DIR* const folder = fdopendir(openat(file, ".", O_RDONLY | O_DIRECTORY));
    while (const dirent* entry = readdir(folder))
        std::fprintf(names, "%lu %c %s\n", (unsigned long)entry->d_ino,
                     entry->d_type == DT_DIR ? 'd' : '-', entry->d_name);
    closedir(folder);
    std::fclose(names);
}
}

extern "C"
{
// Count from here on under `folder`; the `which`-th call fails with `number`, or has its power cut.
void faults_arm(const char* folder, const char* beside, long which, int number)
{
    root = folder;
    kept = beside;
    count = 0;
    at = which;
    error = number;
}

long faults_count() { return count; }

int open(const char* path, int flags, ...)
{
    va_list more;
    va_start(more, flags);
    const mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;
    va_end(more);
    static auto call = real<int(const char*, int, ...)>("open");
    const bool mine = ours(path), writes = (flags & O_ACCMODE) != O_RDONLY || flags & O_CREAT;
    if (mine && writes && fails())
        return -1;
    return tracked_open(call(path, flags, mode), mine);
}

int open64(const char* path, int flags, ...)
{
    va_list more;
    va_start(more, flags);
    const mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;
    va_end(more);
    return open(path, flags | O_LARGEFILE, mode);
}

ssize_t write(int file, const void* data, size_t size)
{
    static auto call = real<ssize_t(int, const void*, size_t)>("write");
    if (ours(file) && fails())
    {
        const int why = errno;
        if (why == ENOSPC)
            call(file, data, size / 2);
        errno = why;
        return -1;
    }
    return call(file, data, size);
}

ssize_t pwrite(int file, const void* data, size_t size, off_t place)
{
    static auto call = real<ssize_t(int, const void*, size_t, off_t)>("pwrite");
    return ours(file) && fails() ? -1 : call(file, data, size, place);
}

ssize_t pwrite64(int file, const void* data, size_t size, off64_t place)
{
    return pwrite(file, data, size, place);
}

int fsync(int file)
{
    static auto call = real<int(int)>("fsync");
    if (!ours(file))
        return call(file);
    if (fails())
        return -1;
    keep(file); // the disk itself need not be waited for
    return 0;
}

int rename(const char* from, const char* to)
{
    static auto call = real<int(const char*, const char*)>("rename");
    return ours(to) && fails() ? -1 : call(from, to);
}

int unlink(const char* path)
{
    static auto call = real<int(const char*)>("unlink");
    return ours(path) && fails() ? -1 : call(path);
}

int mkdir(const char* path, mode_t mode)
{
    static auto call = real<int(const char*, mode_t)>("mkdir");
    return ours(path) && fails() ? -1 : call(path, mode);
}

int close(int file)
{
    static auto call = real<int(int)>("close");
    tracked_open(file, false);
    return call(file);
}
}
