  # An array of the CPU with the size and of libtorch's type number; page-locked, where that is asked,
  # so that a GPU copies from it without the CPU's help. Its contents are arbitrary.
  def host_array(self: __torch__.Kernels,
      size: List[int],
      dtype: int,
      pinned: bool) -> Tensor:
    return torch.empty(size, dtype=dtype, layout=None, device=torch.device("cpu"), pin_memory=pinned)

  # arrays: any array of the device, then arrays of the CPU. Copies of those on the device. Where they
  # are page-locked the copying has only been started; what is computed from the copies comes behind.
  def to_device(self: __torch__.Kernels,
      arrays: List[Tensor]) -> List[Tensor]:
    device = ops.prim.device(arrays[0])
    copies = annotate(List[Tensor], [])
    for i in range(torch.sub(torch.len(arrays), 1)):
      array = arrays[torch.add(i, 1)]
      _0 = torch.append(copies, torch.to(array, device, ops.prim.dtype(array), True, True))
    return copies
