  # arrays: pixels [S, H, W, C] uint8, labels [S] int64, indices [N] int64. The samples of the indices,
  # [N, H, W, C] and [N].
  def gather_samples(self: __torch__.Kernels,
      arrays: List[Tensor]) -> List[Tensor]:
    pixels, labels, indices, = arrays
    return [torch.index_select(pixels, 0, indices), torch.index_select(labels, 0, indices)]

  # arrays: pixels [N, H, W, C] uint8, mean [C] float32, std [C] float32. The images as networks take
  # them, [N, C, H, W] float32, stored channels-last.
  def normalized(self: __torch__.Kernels,
      arrays: List[Tensor]) -> List[Tensor]:
    pixels, mean, std, = arrays
    scaled = torch.div_(torch.sub_(torch.to(pixels, 6), mean), std)
    return [torch.permute(scaled, [0, 3, 1, 2])]
