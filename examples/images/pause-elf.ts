/** The processors for which there is a pause program, in Docker's words. */
export type Architecture = 'amd64' | 'arm64'

// The program in both machine languages. It blocks TERM, INT and CHLD and waits for them one by one, so it needs no
// signal handler, no stack and no libc: CHLD reaps every zombie, TERM and INT end it with 0.
const machineCode: Record<Architecture, readonly string[]> = {
  amd64: [
    '31ff', //             xor edi, edi             start: SIG_BLOCK
    '488d355f000000', //   lea rsi, [rip+signals]
    '31d2', //             xor edx, edx
    '41ba08000000', //     mov r10d, 8              bytes of a signal set
    'b80e000000', //       mov eax, 14              rt_sigprocmask
    '0f05', //             syscall
    '488d3d49000000', //   lea rdi, [rip+signals]   wait:
    '31f6', //             xor esi, esi
    '31d2', //             xor edx, edx
    '41ba08000000', //     mov r10d, 8
    'b880000000', //       mov eax, 128             rt_sigtimedwait, without a time
    '0f05', //             syscall
    '83f811', //           cmp eax, 17              SIGCHLD
    '740c', //             je reap
    '83f80f', //           cmp eax, 15              SIGTERM
    '7425', //             je exit
    '83f802', //           cmp eax, 2               SIGINT
    '7420', //             je exit
    'ebd7', //             jmp wait
    '48c7c7ffffffff', //   mov rdi, -1              reap: any child
    '31f6', //             xor esi, esi
    'ba01000000', //       mov edx, 1               WNOHANG
    '4531d2', //           xor r10d, r10d
    'b83d000000', //       mov eax, 61              wait4
    '0f05', //             syscall
    '85c0', //             test eax, eax
    '7fe4', //             jg reap                  one signal may stand for several children
    'ebb9', //             jmp wait
    '31ff', //             xor edi, edi             exit:
    'b8e7000000', //       mov eax, 231             exit_group
    '0f05', //             syscall
    '0240010000000000', // signals: INT, TERM, CHLD
  ],
  arm64: [
    '000080d2', //         mov x0, #0               start: SIG_BLOCK
    'c1030010', //         adr x1, signals
    '020080d2', //         mov x2, #0
    '030180d2', //         mov x3, #8               bytes of a signal set
    'e81080d2', //         mov x8, #135             rt_sigprocmask
    '010000d4', //         svc #0
    '20030010', //         adr x0, signals          wait:
    '010080d2', //         mov x1, #0
    '020080d2', //         mov x2, #0
    '030180d2', //         mov x3, #8
    '281180d2', //         mov x8, #137             rt_sigtimedwait, without a time
    '010000d4', //         svc #0
    '1f440071', //         cmp w0, #17              SIGCHLD
    'c0000054', //         b.eq reap
    '1f3c0071', //         cmp w0, #15              SIGTERM
    'a0010054', //         b.eq exit
    '1f080071', //         cmp w0, #2               SIGINT
    '60010054', //         b.eq exit
    'f4ffff17', //         b wait
    '00008092', //         mov x0, #-1              reap: any child
    '010080d2', //         mov x1, #0
    '220080d2', //         mov x2, #1               WNOHANG
    '030080d2', //         mov x3, #0
    '882080d2', //         mov x8, #260             wait4
    '010000d4', //         svc #0
    '1f000071', //         cmp w0, #0
    '2cffff54', //         b.gt reap                one signal may stand for several children
    'ebffff17', //         b wait
    '000080d2', //         mov x0, #0               exit:
    'c80b80d2', //         mov x8, #94              exit_group
    '010000d4', //         svc #0
    '0240010000000000', // signals: INT, TERM, CHLD
  ],
}

const machineNumber: Record<Architecture, number> = { amd64: 0x3e, arm64: 0xb7 }
const loadAddress = 0x400000
const elfHeaderBytes = 64
const programHeaderBytes = 56

/**
 * The pause program of a pod's sandbox as a whole static ELF file: it holds the pod's namespaces, reaps what is
 * orphaned in them, and exits with 0 on TERM and INT. No compiler is needed to make it.
 */
export function pauseElf(architecture: Architecture): Buffer {
  const code = Buffer.from(machineCode[architecture].join(''), 'hex')
  const codeAt = elfHeaderBytes + 2 * programHeaderBytes
  const file = Buffer.alloc(codeAt + code.length)
  Buffer.from('7f454c46020101', 'hex').copy(file) // ELF, 64 bits, little endian
  file.writeUInt16LE(2, 16) // an executable
  file.writeUInt16LE(machineNumber[architecture], 18)
  file.writeUInt32LE(1, 20)
  file.writeBigUInt64LE(BigInt(loadAddress + codeAt), 24) // where it starts
  file.writeBigUInt64LE(BigInt(elfHeaderBytes), 32) // where the program headers are
  file.writeUInt16LE(elfHeaderBytes, 52)
  file.writeUInt16LE(programHeaderBytes, 54)
  file.writeUInt16LE(2, 56)

  const load = elfHeaderBytes
  file.writeUInt32LE(1, load) // PT_LOAD: the whole file,
  file.writeUInt32LE(5, load + 4) // readable and executable
  file.writeBigUInt64LE(BigInt(loadAddress), load + 16)
  file.writeBigUInt64LE(BigInt(loadAddress), load + 24)
  file.writeBigUInt64LE(BigInt(file.length), load + 32)
  file.writeBigUInt64LE(BigInt(file.length), load + 40)
  file.writeBigUInt64LE(0x1000n, load + 48)

  const stack = load + programHeaderBytes
  file.writeUInt32LE(0x6474e551, stack) // PT_GNU_STACK: not executable
  file.writeUInt32LE(6, stack + 4)
  file.writeBigUInt64LE(16n, stack + 48)

  code.copy(file, codeAt)
  return file
}
