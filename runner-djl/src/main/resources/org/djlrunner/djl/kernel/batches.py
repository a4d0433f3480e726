  # arrays: pixels [S, H, W, C] uint8, labels [S] int64, indices [N] int64. The samples of the indices,
  # [N, H, W, C] and [N].
  def gather_samples(self: __torch__.Kernels,
      arrays: List[Tensor]) -> List[Tensor]:
    pixels, labels, indices, = arrays
    return [torch.index_select(pixels, 0, indices), torch.index_select(labels, 0, indices)]
